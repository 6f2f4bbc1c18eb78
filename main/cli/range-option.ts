import { HeapscapeError } from '../../shared/base/errors'
import { parseEventRange } from '../../shared/model/event-range-text'
import type { EventRange } from '../../shared/model/trace'
import type { OptionValues } from './arguments'

type Option = OptionValues[string]

/**
 * `--events A..B` (numbers from 1) or `--time A..B` (with ns, us, ms or s); either end may be left out.
 * @throws HeapscapeError `usage`
 */
export function rangeOption(events: Option, time: Option): { readonly range?: EventRange } {
  if (typeof events === 'string' && typeof time === 'string') throw refused('--events and --time exclude one another')
  if (typeof events === 'string') return { range: rangeOf('events', events) }
  return typeof time === 'string' ? { range: rangeOf('time', time) } : {}
}

function rangeOf(by: EventRange['by'], text: string): EventRange {
  const range = parseEventRange(by, text)
  if ('problem' in range) throw refused(`--${by}: ${range.problem}`)
  return range
}

const refused = (detail: string): HeapscapeError => new HeapscapeError('usage', { detail })
