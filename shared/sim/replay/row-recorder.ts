import type { Bytes, EventNumber } from '../../base/units'
import type { LifetimeTable } from '../../model/run'
import { BlockSlots } from '../heaps/block-slots'
import type { ReasonRecorder } from '../heaps/explain'
import type { Heap, HeapObserver } from '../heaps/heap'
import { LifetimeRecorder, observeInto } from './recorder'
import { ObjectPart, type ReplayRecorder } from './replay-recorder'

/** Keeps a row for every stay of a block, and why it lies there where that is asked for. */
export class RowRecorder implements ReplayRecorder {
  event: EventNumber = 0
  readonly observer: HeapObserver
  readonly objectShift = 1
  readonly #lifetimes: LifetimeRecorder
  readonly #reasons: ReasonRecorder | undefined
  #blocks = new BlockSlots()
  #asideRow = 0

  /** `expectedRows` bounds the memory taken ahead. */
  constructor(expectedRows: number, withSites: boolean, makeReasons?: (eventNow: () => EventNumber) => ReasonRecorder) {
    const eventNow = (): EventNumber => this.event
    this.#lifetimes = new LifetimeRecorder(expectedRows, withSites)
    this.#reasons = makeReasons?.(eventNow)
    this.observer = observeInto(this.#lifetimes, eventNow, () => this.#blocks, this.#reasons)
  }

  attach({ blocks }: Heap): void {
    this.#blocks = blocks
  }

  begin(objects: Uint32Array, at: number, block: number, requested: Bytes, site: number): void {
    const row = this.#lifetimes.beginBusy(this.#blocks, block, requested, this.event, at >>> this.objectShift, site)
    objects[at + ObjectPart.Note] = row
    if (this.#reasons !== undefined) this.#reasons.keep(row)
  }

  end(objects: Uint32Array, at: number): void {
    this.#lifetimes.end(objects[at + ObjectPart.Note]!, this.event)
  }

  setAside(objects: Uint32Array, at: number): void {
    this.#asideRow = objects[at + ObjectPart.Note]!
  }

  endAside(): void {
    this.#lifetimes.end(this.#asideRow, this.event)
  }

  keepAside(): void {}

  /** Its row stands. */
  lose(): void {}

  /** The page changes tell it, and rows need nothing of it. */
  committed(): void {}

  finish(): { readonly lifetimes: LifetimeTable; readonly reasons: ReturnType<ReasonRecorder['finish']> | undefined } {
    const lifetimes = this.#lifetimes.finish()
    return { lifetimes, reasons: this.#reasons?.finish(lifetimes.length) }
  }
}
