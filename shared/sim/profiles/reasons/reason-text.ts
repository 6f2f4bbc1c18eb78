import type { PlacedReason } from '../../../model/placed-reasons'

/** What one code of a manager's reasons means. */
export interface ReasonText {
  /** Its name in exports and scripts. */
  readonly id: string
  /** A sentence; `{a:bytes}`, `{b:count}` and `{a:hex}` stand for the numbers told with the code. */
  readonly text: string
}

/** The same of a placement: its name is a value of the block column `why` too. */
export interface PlacedText extends ReasonText {
  readonly id: PlacedReason | typeof NOTHING_TOLD.id
}

/** Texts of one manager, by code. Code 0 means that nothing was told. */
export interface ReasonTable {
  /** Why a block lies where it lies. */
  readonly placed: readonly PlacedText[]
  /** Why the heap took or gave back memory. */
  readonly grown: readonly ReasonText[]
}

export const NOTHING_TOLD = { id: 'untold', text: 'The manager told no reason.' } as const

type Unit = 'bytes' | 'count' | 'hex'

const grouped = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 0 })

const WRITERS: Readonly<Record<Unit, (value: number) => string>> = {
  bytes: (value) => `${grouped(value)} ${value === 1 ? 'byte' : 'bytes'}`,
  count: grouped,
  hex: (value) => `0x${value.toString(16)}`,
}

/** The sentence with its numbers in place. */
export function reasonSentence({ text }: ReasonText, a: number, b: number): string {
  return text.replace(/\{([ab]):(bytes|count|hex)\}/g, (_whole, name: 'a' | 'b', unit: Unit) => WRITERS[unit](name === 'a' ? a : b))
}
