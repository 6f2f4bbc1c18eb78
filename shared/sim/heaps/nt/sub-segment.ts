import type { LfhSlots } from './lfh-slots'

/** One container cut into slots. What calls touch lies with that of all others in LfhSlots; this is for the rest. */
export class SubSegment {
  readonly number: number
  readonly bucket: number
  /** Its container, a slot of BlockSlots. */
  readonly block: number
  readonly sizeIndex: number
  next: SubSegment | undefined
  previous: SubSegment | undefined
  readonly #places: LfhSlots

  constructor(places: LfhSlots, number: number, bucket: number, block: number, sizeIndex: number) {
    this.#places = places
    this.number = number
    this.bucket = bucket
    this.block = block
    this.sizeIndex = sizeIndex
  }

  get count(): number {
    return this.#places.count[this.number]!
  }

  get free(): number {
    return this.#places.free[this.number]!
  }

  /** Block number of each slot. */
  get slots(): Int32Array {
    return this.#places.slotsOf(this.number)
  }

  /** 1 for each slot that is the program's. */
  busySlots(): Uint8Array {
    return this.#places.busySlotsOf(this.number)
  }
}
