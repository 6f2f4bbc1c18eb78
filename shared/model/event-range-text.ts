import type { EventRange } from './trace'

/** What a range may be told in, with what a text must look like. */
export const RANGE_FORMS: Readonly<Record<EventRange['by'], string>> = {
  events: 'A..B with numbers from 1',
  time: 'A..B with ns, us, ms or s, for instance 1.5s..2s',
}

const NS_OF_UNIT: Readonly<Record<string, number>> = { ns: 1, us: 1e3, ms: 1e6, s: 1e9 }

/** `5..9`, `1.5s..2s`; either end may be left out. What is wrong with it when it is no range. */
export function parseEventRange(by: EventRange['by'], text: string): EventRange | { readonly problem: string } {
  const valueOf = by === 'events' ? eventNumber : nanoseconds
  const [first, last, ...more] = text.trim().split('..')
  const from = first === '' ? (by === 'events' ? 1 : 0) : valueOf(first!)
  const to = last === '' ? Number.MAX_SAFE_INTEGER : valueOf(last ?? '')
  if (from === undefined || to === undefined || more.length > 0) return { problem: `expects ${RANGE_FORMS[by]}; got "${text}"` }
  return to < from ? { problem: `${text} ends before it begins` } : { by, from, to }
}

function eventNumber(text: string): number | undefined {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : 0
  return value >= 1 ? value : undefined
}

function nanoseconds(text: string): number | undefined {
  const [, digits, unit] = /^(\d{1,12}(?:\.\d{1,9})?)(ns|us|ms|s)$/.exec(text) ?? []
  return digits === undefined ? undefined : Number(digits) * NS_OF_UNIT[unit!]!
}
