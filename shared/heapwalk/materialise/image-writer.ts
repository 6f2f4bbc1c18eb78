import type { Address } from '../../base/units'
import type { Bits } from '../layouts/structure-table'
import type { ImageMarks } from './image-marks'

/** Writes values at addresses into the bytes that stand there; `marks` is told where. */
export class ImageWriter {
  readonly #view: DataView
  readonly #base: Address
  readonly #bits: Bits
  readonly #marks: ImageMarks | undefined

  constructor(bytes: Uint8Array, base: Address, bits: Bits, marks?: ImageMarks) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#base = base
    this.#bits = bits
    this.#marks = marks
  }

  u8(address: Address, value: number): void {
    this.#view.setUint8(address - this.#base, value)
    this.#marks?.mark(address, 1)
  }

  u16(address: Address, value: number): void {
    this.#view.setUint16(address - this.#base, value, true)
    this.#marks?.mark(address, 2)
  }

  u32(address: Address, value: number): void {
    this.#view.setUint32(address - this.#base, value, true)
    this.#marks?.mark(address, 4)
  }

  /** As wide as a pointer. */
  word(address: Address, value: number): void {
    this.u32(address, value % 0x100000000)
    if (this.#bits === 64) this.u32(address + 4, Math.floor(value / 0x100000000))
  }

  /** A circular doubly linked list. */
  list(head: Address, nodes: readonly Address[]): void {
    const ring = [head, ...nodes]
    ring.forEach((node, i) => {
      this.word(node, ring[(i + 1) % ring.length]!)
      this.word(node + this.#bits / 8, ring[(i + ring.length - 1) % ring.length]!)
    })
  }
}
