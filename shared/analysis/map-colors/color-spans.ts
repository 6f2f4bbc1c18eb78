import type { Column } from '../../base/column'
import type { ColorEntry } from './colorings'

/**
 * Stretches of the address space with a colour each, in address order, none over another. Blocks are such stretches by
 * themselves: their own columns serve, and only a byte a block is added.
 */
export interface ColorSpans {
  readonly address: Column
  readonly size: Column
  readonly length: number
  /** Code of the colouring's value by row, 0 = none. */
  readonly color: Uint8Array
}

export interface ColorSet {
  readonly [Symbol.toStringTag]: 'ColorSet'
  readonly spans: ColorSpans
  readonly entries: readonly ColorEntry[]
}
