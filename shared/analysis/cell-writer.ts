import type { Address, Bytes } from '../base/units'

/** Cells one after another. */
export interface MapRange {
  readonly address: Address
  readonly cells: number
}

export const FULL_SHARE = 255

/** What a cell shows, and how much of it. */
export interface WrittenCells {
  /** Kind that holds most bytes of the cell; 0 = none has any. */
  readonly kind: Uint8Array
  /** Share of the cell's bytes of that kind, 0..255; full where there is none. */
  readonly share: Uint8Array
}

/**
 * Takes pieces in address order and closes each cell when the next one begins, so that only one cell's sums are held
 * and a piece over many cells is filled in one go: the time goes with the pieces and the cells, not with their product.
 */
export class CellWriter {
  readonly #out: WrittenCells
  readonly #first: number
  readonly #start: Address
  readonly #end: Address
  readonly #bytesPerCell: Bytes
  readonly #sums: Float64Array
  #cell = 0
  #cellEnd: Address
  #isOpen = false

  /** Writes from cell `first` of `out` on; `kinds` counts kind 0 too, which is never added. */
  constructor(out: WrittenCells, kinds: number, first: number, range: MapRange, bytesPerCell: Bytes) {
    this.#out = out
    this.#first = first
    this.#start = range.address
    this.#end = range.address + range.cells * bytesPerCell
    this.#bytesPerCell = bytesPerCell
    this.#sums = new Float64Array(kinds)
    this.#cellEnd = range.address + bytesPerCell
    out.share.fill(FULL_SHARE, first, first + range.cells)
  }

  add(from: Address, to: Address, kind: number): void {
    let at = from > this.#start ? from : this.#start
    const end = to < this.#end ? to : this.#end
    if (at >= end) return
    if (at >= this.#cellEnd) this.#moveTo(at)
    if (end < this.#cellEnd) {
      this.#sums[kind]! += end - at
      this.#isOpen = true
      return
    }
    if (this.#isOpen || at > this.#cellEnd - this.#bytesPerCell) {
      this.#sums[kind]! += this.#cellEnd - at
      this.#isOpen = true
      at = this.#cellEnd
      this.#moveTo(at)
    }
    const whole = Math.floor((end - at) / this.#bytesPerCell)
    if (whole > 0) {
      this.#out.kind.fill(kind, this.#first + this.#cell, this.#first + this.#cell + whole)
      at += whole * this.#bytesPerCell
      this.#moveTo(at)
    }
    if (at < end) {
      this.#sums[kind]! += end - at
      this.#isOpen = true
    }
  }

  finish(): void {
    if (this.#isOpen) writeCell(this.#out, this.#first + this.#cell, this.#sums, this.#bytesPerCell)
    this.#sums.fill(0)
    this.#isOpen = false
  }

  /** Closes the current cell and opens the one that holds `address`. */
  #moveTo(address: Address): void {
    this.finish()
    this.#cell = Math.floor((address - this.#start) / this.#bytesPerCell)
    this.#cellEnd = this.#start + (this.#cell + 1) * this.#bytesPerCell
  }
}

/** The kind with most bytes wins; of equal ones the first. */
export function writeCell(out: WrittenCells, cell: number, sums: Float64Array, bytesPerCell: Bytes): void {
  let best = 0
  let most = 0
  for (let kind = 1; kind < sums.length; kind++) {
    if (sums[kind]! > most) {
      most = sums[kind]!
      best = kind
    }
  }
  out.kind[cell] = best
  out.share[cell] = best === 0 ? FULL_SHARE : Math.round((FULL_SHARE * most) / bytesPerCell)
}
