import { CHUNK_LENGTH } from '../base/column'
import type { FailureTable } from '../model/run'
import { Op, type Trace } from '../model/trace'
import { denseFromChanges, type DenseSeries } from './timeline'

/** Of replays in which nothing failed: they are all alike, whatever the heap. */
const withoutFailures = new WeakMap<Trace, DenseSeries>()

/**
 * Live bytes after every event of a replay of the trace, without its rows: what was asked for and not freed, less what failed.
 * Added up once for all replays without failures, 4 bytes an event that stay as long as the trace. `failures` are in the order of events.
 */
export function liveOfReplay(trace: Trace, failures: FailureTable): DenseSeries {
  if (failures.length > 0) return addUp(trace, failures)
  const known = withoutFailures.get(trace) ?? addUp(trace, failures)
  withoutFailures.set(trace, known)
  return known
}

/** As the replay has it: an object that is allocated again while it has a block leaves that one behind, and it stays live. */
function addUp(trace: Trace, failures: FailureTable): DenseSeries {
  const changes = new Float64Array(trace.events + 1)
  const liveBytesOf = new Float64Array(trace.objects)
  const failed = failures.event.slice()
  let event = 1
  let failure = 0
  for (let chunk = 0, left = trace.events; left > 0; chunk++, left -= CHUNK_LENGTH) {
    const ops = trace.op.chunks[chunk]!
    const objects = trace.object.chunks[chunk]!
    const sizes = trace.size.chunks[chunk]!
    const rows = Math.min(left, CHUNK_LENGTH)
    for (let i = 0; i < rows; i++, event++) {
      const op = ops[i]!
      if (op === Op.OrphanFree) continue
      if (failed[failure] === event) {
        failure++
        continue
      }
      const object = objects[i]!
      const bytes = op === Op.Free ? 0 : sizes[i]!
      changes[event] = op === Op.Alloc ? bytes : bytes - liveBytesOf[object]!
      liveBytesOf[object] = bytes
    }
  }
  return denseFromChanges(changes)
}
