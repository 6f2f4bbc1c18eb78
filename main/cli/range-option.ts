import { HeapscapeError } from '../../shared/base/errors'
import type { EventRange } from '../../shared/model/trace'
import type { OptionValues } from './arguments'

type Option = OptionValues[string]

const NS_OF_UNIT: Readonly<Record<string, number>> = { ns: 1, us: 1e3, ms: 1e6, s: 1e9 }

/**
 * `--events A..B` (numbers from 1) or `--time A..B` (with ns, us, ms or s); either end may be left out.
 * @throws HeapscapeError `usage`
 */
export function rangeOption(events: Option, time: Option): { readonly range?: EventRange } {
  if (typeof events === 'string' && typeof time === 'string') throw refused('--events and --time exclude one another')
  if (typeof events === 'string') return { range: parseRange('events', events, eventNumber) }
  return typeof time === 'string' ? { range: parseRange('time', time, nanoseconds) } : {}
}

function parseRange(by: 'events' | 'time', text: string, valueOf: (text: string) => number | undefined): EventRange {
  const [first, last, ...more] = text.split('..')
  const from = first === '' ? (by === 'events' ? 1 : 0) : valueOf(first!)
  const to = last === '' ? Number.MAX_SAFE_INTEGER : valueOf(last ?? '')
  const form = by === 'events' ? '--events expects A..B with numbers from 1' : '--time expects A..B with ns, us, ms or s, for instance 1.5s..2s'
  if (from === undefined || to === undefined || more.length > 0) throw refused(`${form}; got "${text}"`)
  if (to < from) throw refused(`--${by === 'events' ? 'events' : 'time'}: ${text} ends before it begins`)
  return { by, from, to }
}

function eventNumber(text: string): number | undefined {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : 0
  return value >= 1 ? value : undefined
}

function nanoseconds(text: string): number | undefined {
  const [, digits, unit] = /^(\d{1,12}(?:\.\d{1,9})?)(ns|us|ms|s)$/.exec(text) ?? []
  return digits === undefined ? undefined : Number(digits) * NS_OF_UNIT[unit!]!
}

const refused = (detail: string): HeapscapeError => new HeapscapeError('usage', { detail })
