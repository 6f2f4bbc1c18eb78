import { CHUNK_LENGTH } from '../../base/column'
import type { JobContext } from '../../base/job-context'
import { Op, type Trace } from '../../model/trace'

/*
 * Where a replay keeps what it knows of an object: numbers that are used again, so that those of a program that frees lie
 * together, however many objects it has in all.
 *
 *   event     alloc 0   alloc 1   free 0   alloc 2   free 7   realloc 1
 *   place     1         2         1        1         0        2
 *
 * Place 0 is nobody's: a free of what does not live finds nothing there. A realloc of what does not live gives it a place.
 */
export interface ObjectPlaces {
  /** By chunks of the trace's columns: place of each event's object. */
  readonly chunks: readonly ArrayLike<number>[]
  /** Places there are. */
  readonly count: number
}

const known = new WeakMap<Trace, ObjectPlaces>()

/** Made once for all replays of a trace, 4 bytes an event that stay as long as the trace. @throws HeapscapeError `cancelled` */
export async function livingPlaces(trace: Trace, job: JobContext): Promise<ObjectPlaces> {
  const found = known.get(trace)
  if (found !== undefined) return found
  const writer = new PlaceWriter(trace.objects)
  const chunks: Uint32Array[] = []
  for (let from = 0; from < trace.events; from += CHUNK_LENGTH) {
    await job.checkpoint()
    const chunk = from / CHUNK_LENGTH
    chunks.push(writer.write(trace.op.chunks[chunk]!, trace.object.chunks[chunk]!, Math.min(CHUNK_LENGTH, trace.events - from)))
  }
  const places = { chunks, count: writer.count }
  known.set(trace, places)
  return places
}

class PlaceWriter {
  /** Places given so far, place 0 included. */
  count = 1
  /** By object, 0 while it does not live. */
  readonly #placeOf: Uint32Array
  /** Those given back, the one given back last on top. */
  #vacant = new Uint32Array(1024)
  #vacantCount = 0

  constructor(objects: number) {
    this.#placeOf = new Uint32Array(objects)
  }

  write(ops: ArrayLike<number>, objects: ArrayLike<number>, rows: number): Uint32Array {
    const places = new Uint32Array(rows)
    const placeOf = this.#placeOf
    for (let i = 0; i < rows; i++) {
      const op = ops[i]!
      if (op === Op.OrphanFree) continue
      const object = objects[i]!
      let place = placeOf[object]!
      if (op === Op.Free) {
        placeOf[object] = 0
        if (place !== 0) this.#giveBack(place)
      } else if (place === 0) {
        place = this.#vacantCount > 0 ? this.#vacant[--this.#vacantCount]! : this.count++
        placeOf[object] = place
      }
      places[i] = place
    }
    return places
  }

  #giveBack(place: number): void {
    if (this.#vacantCount === this.#vacant.length) {
      const longer = new Uint32Array(2 * this.#vacantCount)
      longer.set(this.#vacant)
      this.#vacant = longer
    }
    this.#vacant[this.#vacantCount++] = place
  }
}
