import type { Address, Bytes } from '../../../base/units'
import { GROUP_SHIFT } from '../block-slots'
import { SlotField, type SlotTable } from './slot-table'

/*
 * A range of pages cut into slots of one size.
 *
 *   [header | bitmap][slot 0][slot 1]...[slot 96][rest]|guard page from 64 KB on
 *
 * Here is what stays as it is; what changes lies in the table. One object a sub-segment, none a slot: slots are numbers
 * of blocks.
 */
export class SlotSubSegment {
  readonly range: number
  readonly address: Address
  /** Without the guard page. */
  readonly bytes: Bytes
  readonly bucket: number
  readonly slotBytes: Bytes
  readonly count: number
  readonly firstOffset: Bytes
  /** Block of slot 0; the others follow it. */
  readonly firstSlot: number
  readonly #table: SlotTable
  readonly #record: number

  constructor(number: number, owner: number, fields: Pick<SlotSubSegment, 'range' | 'address' | 'bytes' | 'bucket' | 'slotBytes' | 'count' | 'firstOffset'>, table: SlotTable) {
    this.range = fields.range
    this.address = fields.address
    this.bytes = fields.bytes
    this.bucket = fields.bucket
    this.slotBytes = fields.slotBytes
    this.count = fields.count
    this.firstOffset = fields.firstOffset
    this.#table = table
    this.#record = table.recordOf(number)
    this.firstSlot = table.add(number, fields.count, owner)
  }

  /** Block numbers of the slots. */
  get blocks(): Int32Array {
    return Int32Array.from({ length: this.count }, (_, place) => this.firstSlot + place)
  }

  /** Slots that are free. */
  get free(): number {
    return this.#table.records[this.#record + SlotField.Free]!
  }

  /** No word of 32 slots before this one has a free slot. */
  get hint(): number {
    return this.#table.records[this.#record + SlotField.Hint]! - (this.firstSlot >>> GROUP_SHIFT)
  }

  isBusy(place: number): boolean {
    return this.#table.isBusy(this.firstSlot + place)
  }
}
