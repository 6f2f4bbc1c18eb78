import { addressOf, endAddressOf, offsetOf, type FoldedSpace } from '../../../shared/analysis/address-time/folded-space'
import type { AddressTimeWindow } from '../../../shared/analysis/address-time/lifetime-index'
import { readStretch, stretchText } from '../stretch-text'

/*
 * The window of a picture of address and time as a choice of its view, by addresses and not by offsets, so that a reader of
 * its text finds them again:
 *
 *   0x10000..0x14000 120..480.5
 */
const EVENTS = /^(\d{1,10}(?:\.\d{1,3})?)\.\.(\d{1,10}(?:\.\d{1,3})?)$/

export function windowChoice(space: FoldedSpace, { fromOffset, toOffset, fromEvent, toEvent }: AddressTimeWindow): string {
  const from = Math.floor(addressOf(space, fromOffset))
  const stretch = stretchText({ from, to: Math.max(from + 1, Math.ceil(endAddressOf(space, toOffset))) })
  return `${stretch} ${thousandths(fromEvent)}..${thousandths(toEvent)}`
}

/** null: everything is shown, also for a text that says no window. */
export function windowOfChoice(space: FoldedSpace, choice: unknown): AddressTimeWindow | null {
  const [addresses, events, ...more] = typeof choice === 'string' ? choice.split(' ') : []
  const stretch = readStretch(addresses)
  const [, from, to] = EVENTS.exec(events ?? '') ?? []
  if (stretch === null || from === undefined || more.length > 0) return null
  const window = { fromOffset: offsetOf(space, stretch.from), toOffset: offsetOf(space, stretch.to), fromEvent: Number(from), toEvent: Number(to) }
  return window.toOffset > window.fromOffset && window.toEvent > window.fromEvent ? window : null
}

const thousandths = (event: number): number => Math.round(event * 1000) / 1000
