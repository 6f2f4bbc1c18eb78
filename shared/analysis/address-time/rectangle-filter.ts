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

/** What else a filter asks for stays; a rectangle in it is replaced. Throws `pattern-invalid` for a wrong `where`. */
export function withRectangle(where: string | undefined, rectangle: AddressTimeRectangle): string {
  const stated = where === undefined ? undefined : readFilter(where)
  const parts = stated === undefined ? [] : stated.type === 'all' ? stated.parts : [stated]
  return conditionText(allOf([...parts.filter((part) => !isSide(part)), readFilter(rectangleFilter(rectangle))!].flatMap((part) => (part.type === 'all' ? part.parts : [part])))!)
}

/** The rectangle a filter states, if all four sides are there; null otherwise. */
export function rectangleOf(where: string | undefined): AddressTimeRectangle | null {
  if (where === undefined) return null
  let stated: BlockCondition | undefined
  try {
    stated = readFilter(where)
  } catch {
    return null
  }
  const parts = stated === undefined ? [] : stated.type === 'all' ? stated.parts : [stated]
  const [fromAddress, toAddress, toEvent, fromEvent] = SIDES.map(([column, comparison]) => {
    const found = parts.find((part) => part.type === 'compare' && part.column === column && part.comparison === comparison)
    return found?.type === 'compare' ? found.value : undefined
  })
  return fromAddress === undefined || toAddress === undefined || fromEvent === undefined || toEvent === undefined ? null : { fromAddress, toAddress, fromEvent, toEvent }
}
