import { NumberMap } from '../base/number-map'
import type { NoteList } from './note-list'
import type { TraceBuilder } from './trace'

/**
 * Turns calls as recorders log them (malloc, free, realloc with pointers or ids that come again) into events, and counts
 * what does not fit together. Each method pushes at most one event of its own, after a missing free where there is one;
 * `onEvent` is told each so that the caller can fill its optional columns.
 */
export class CallEvents {
  /** Line or record being read, for the notes. */
  line = 0
  readonly #builder: TraceBuilder
  readonly #onEvent: (key: number) => void
  /** Object of each live block, by pointer or id. */
  readonly #objectAt = new NumberMap()
  readonly #note: ReturnType<typeof declareNotes>

  /** `onEvent` gets the pointer or id of the event. */
  constructor(builder: TraceBuilder, list: NoteList, onEvent: (key: number) => void) {
    this.#builder = builder
    this.#onEvent = onEvent
    this.#note = declareNotes(list)
  }

  alloc(key: number, size: number): void {
    this.#freeMissed(key)
    this.#objectAt.set(key, this.#builder.alloc(size))
    this.#onEvent(key)
  }

  allocFailed(): void {
    this.#note.allocFailed.hit(this.line)
  }

  free(key: number): void {
    const object = this.#objectAt.take(key)
    if (object >= 0) this.#builder.free(object)
    else {
      this.#note.orphanFree.hit(this.line)
      this.#builder.orphanFree()
    }
    this.#onEvent(key)
  }

  /** free(NULL): allowed, without effect, no event. */
  freeNull(): void {
    this.#note.freeNull.hit(this.line)
  }

  /** From the block at `oldKey` (which may be unknown) to one at `key` (which may be the same). */
  realloc(oldKey: number, key: number, size: number): void {
    const object = this.#objectAt.take(oldKey)
    if (object < 0) {
      this.#note.reallocUnknown.hit(this.line)
      this.alloc(key, size)
      return
    }
    this.#freeMissed(key)
    this.#objectAt.set(key, object)
    this.#builder.realloc(object, size)
    this.#onEvent(key)
  }

  /** The block stays as it was. */
  reallocFailed(): void {
    this.#note.reallocFailed.hit(this.line)
  }

  /** The recorder missed the free of what lay here: the heap gave the address out again. */
  #freeMissed(key: number): void {
    const object = this.#objectAt.take(key)
    if (object < 0) return
    this.#note.missedFree.hit(this.line)
    this.#builder.free(object)
    this.#onEvent(key)
  }
}

function declareNotes(list: NoteList) {
  return {
    orphanFree: list.kind('orphan-free', 'Frees of blocks whose allocation is not in the file; they have no effect.'),
    missedFree: list.kind('missed-free', 'Addresses or ids given out again while in use: the missing free was put in.'),
    reallocUnknown: list.kind('realloc-unknown', 'Reallocations of blocks whose allocation is not in the file act as allocations.'),
    allocFailed: list.kind('alloc-failed', 'Allocations that got no memory; they make no event.'),
    reallocFailed: list.kind('realloc-failed', 'Reallocations that got no memory; the block stays as it was.'),
    freeNull: list.kind('free-null', 'Frees of the null pointer; they have no effect and make no event.'),
  }
}
