import type { Address, EventNumber } from '../../base/units'
import { allOf, conditionText, type BlockCondition } from '../filter/block-condition'
import { readFilter } from '../filter/read-filter'

/** Whatever touches [fromAddress, toAddress) after any of the events `fromEvent` to `toEvent`, both included. */
export interface AddressTimeRectangle {
  readonly fromAddress: Address
  readonly toAddress: Address
  readonly fromEvent: EventNumber
  readonly toEvent: EventNumber
}

/** The filter text of a rectangle. */
export function rectangleFilter({ fromAddress, toAddress, fromEvent, toEvent }: AddressTimeRectangle): string {
  const hex = (value: Address): string => `0x${value.toString(16)}`
  return `end > ${hex(fromAddress)} and address < ${hex(toAddress)} and birth <= ${toEvent} and death > ${fromEvent}`
}

const SIDES: readonly (readonly [column: string, comparison: string])[] = [['end', '>'], ['address', '<'], ['birth', '<='], ['death', '>']]
const isSide = (part: BlockCondition): boolean => part.type === 'compare' && SIDES.some(([column, comparison]) => part.column === column && part.comparison === comparison)

const partsOf = (where: string | undefined): readonly BlockCondition[] => {
  const stated = where === undefined ? undefined : readFilter(where)
  return stated === undefined ? [] : stated.type === 'all' ? stated.parts : [stated]
}

/** Whether a filter asks for all that `part` does, in as many words. Throws `pattern-invalid`. */
export function hasPart(where: string | undefined, part: string): boolean {
  const stated = new Set(partsOf(where).map(conditionText))
  return partsOf(part).every((one) => stated.has(conditionText(one)))
}

/** The filter with `part` too; without it when it was asked for already. '' when nothing is left. Throws `pattern-invalid`. */
export function withPart(where: string | undefined, part: string): string {
  const own = partsOf(part)
  const texts = new Set(own.map(conditionText))
  const others = partsOf(where).filter((one) => !texts.has(conditionText(one)))
  const whole = allOf(hasPart(where, part) ? others : [...others, ...own])
  return whole === undefined ? '' : conditionText(whole)
}

/** What else a filter asks for stays; a rectangle in it is replaced. Throws `pattern-invalid` for a wrong `where`. */
export function withRectangle(where: string | undefined, rectangle: AddressTimeRectangle): string {
  return conditionText(allOf([...partsOf(where).filter((part) => !isSide(part)), ...partsOf(rectangleFilter(rectangle))])!)
}

/** The rectangle a filter states, if all four sides are there; null otherwise. */
export function rectangleOf(where: string | undefined): AddressTimeRectangle | null {
  if (where === undefined) return null
  let parts: readonly BlockCondition[]
  try {
    parts = partsOf(where)
  } catch {
    return null
  }
  const [fromAddress, toAddress, toEvent, fromEvent] = SIDES.map(([column, comparison]) => {
    const found = parts.find((part) => part.type === 'compare' && part.column === column && part.comparison === comparison)
    return found?.type === 'compare' ? found.value : undefined
  })
  return fromAddress === undefined || toAddress === undefined || fromEvent === undefined || toEvent === undefined ? null : { fromAddress, toAddress, fromEvent, toEvent }
}
