import type { Address } from '../../base/units'
import { Op, type Trace } from '../../model/trace'
import type { ProcessApi } from '../win32/process-api'

/** Carries out a trace's requests as HeapAlloc, HeapReAlloc and HeapFree on one heap of a simulated process. */
export class HeapReplay {
  readonly #process: ProcessApi
  readonly #heap: Address
  readonly #trace: Trace
  failedRequests = 0

  constructor(process: ProcessApi, heap: Address, trace: Trace) {
    this.#process = process
    this.#heap = heap
    this.#trace = trace
  }

  run(): void {
    const trace = this.#trace
    /** Per object: its block, 0 without one. */
    const blocks = new Float64Array(trace.objects)
    for (let row = 0; row < trace.events; row++) {
      const op = trace.op.at(row)
      if (op === Op.OrphanFree) continue
      const object = trace.object.at(row)
      const old = blocks[object]!
      if (op === Op.Free) {
        if (old !== 0) this.#process.heapFree(this.#heap, 0, old)
        blocks[object] = 0
        continue
      }
      const bytes = trace.size.at(row)
      const block = op === Op.Realloc && old !== 0 ? this.#process.heapReAlloc(this.#heap, 0, old, bytes) : this.#process.heapAlloc(this.#heap, 0, bytes)
      // A failed reallocation leaves the old block.
      if (block === 0) this.failedRequests++
      else blocks[object] = block
    }
  }
}
