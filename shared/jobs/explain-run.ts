import { HeapscapeError } from '../base/errors'
import type { JobContext } from '../base/job-context'
import { RECORDED_HEAP } from '../model/recorded-run'
import type { Run, RunReasons } from '../model/run'
import type { Trace } from '../model/trace'
import { reasonsOf } from '../sim/profiles/reasons'
import { replayTrace } from '../sim/replay/replay'

/**
 * Why the blocks of a run lie where they do, found by replaying its trace once more: same trace and request, same run, which
 * is checked address by address. So a run carries no reasons until somebody asks (9 bytes a lifetime then).
 * @throws HeapscapeError `reasons-unavailable` (recorded layouts, managers that tell none, another trace, another version), `cancelled`
 */
export async function explainRun(run: Run, trace: Trace, job: JobContext): Promise<RunReasons> {
  if (run.reasons !== undefined) return run.reasons
  refuseUntold(run)
  if (trace.hash !== run.source.traceHash) throw unavailable('another trace was given than the one it was made of')
  const again = await replayTrace(trace, run.request, job, { explain: true })
  if (again.reasons === undefined || !isSameLayout(run, again)) throw unavailable('its trace gives another layout now: it was made by another version')
  return again.reasons
}

/** @throws HeapscapeError `reasons-unavailable` when no replay could tell why */
export function refuseUntold({ request }: Run): void {
  if (request.heap === RECORDED_HEAP) throw unavailable('a recorded layout tells where blocks were and not why')
  if (reasonsOf(request.heap) === undefined) throw unavailable(`the heap manager ${request.heap} tells no reasons`)
}

const unavailable = (why: string): HeapscapeError => new HeapscapeError('reasons-unavailable', { why })

function isSameLayout(a: Run, b: Run): boolean {
  const [x, y] = [a.lifetimes, b.lifetimes]
  if (x.length !== y.length) return false
  return x.address.chunks.every((chunk, i) => {
    const other = y.address.chunks[i]!
    const rows = Math.min(chunk.length, other.length)
    for (let row = 0; row < rows; row++) if (chunk[row] !== other[row]) return false
    return true
  })
}
