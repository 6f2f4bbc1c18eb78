import { CHUNK_LENGTH } from '../../base/column'
import type { Steps } from '../../base/steps'
import { NONE, STILL_ALIVE, UNKNOWN_SIZE } from '../../base/units'
import { Occupant, type Run } from '../../model/run'
import { Op, type Trace } from '../../model/trace'
import { denseSteps, type DenseSeries } from '../timeline'
import type { SiteMask } from './site-study'

/** Live bytes of the chosen sites after every event of a trace; a block belongs to the site that asked for it last. */
export function* siteLiveOfTrace(trace: Trace, mask: SiteMask): Steps<DenseSeries> {
  const changes = new Float64Array(trace.events + 1)
  /** Bytes of each object while it is live and belongs to a chosen site. */
  const chosenBytes = new Float64Array(trace.objects)
  let event = 1
  for (let chunk = 0, left = trace.events; left > 0; chunk++, left -= CHUNK_LENGTH) {
    const ops = trace.op.chunks[chunk]!
    const objects = trace.object.chunks[chunk]!
    const sizes = trace.size.chunks[chunk]!
    const sites = trace.site?.chunks[chunk]
    const rows = Math.min(left, CHUNK_LENGTH)
    for (let i = 0; i < rows; i++, event++) {
      if (ops[i] === Op.OrphanFree) continue
      const object = objects[i]!
      const isChosen = ops[i] !== Op.Free && mask[(sites === undefined ? NONE : sites[i]!) + 1] === 1
      const bytes = isChosen ? sizes[i]! : 0
      changes[event] = bytes - chosenBytes[object]!
      chosenBytes[object] = bytes
    }
    yield
  }
  return yield* denseSteps(changes)
}

/** Live bytes of the chosen sites after every event of a run; blocks of unknown request count with what they consume less the header. */
export function* siteLiveOfRun(run: Run, mask: SiteMask): Steps<DenseSeries> {
  const { lifetimes, heaps } = run
  const headerBytes = heaps[0]?.headerBytes ?? 0
  const changes = new Float64Array(run.events + 1)
  for (let chunk = 0, left = lifetimes.length; left > 0; chunk++, left -= CHUNK_LENGTH) {
    const births = lifetimes.birth.chunks[chunk]!
    const deaths = lifetimes.death.chunks[chunk]!
    const occupants = lifetimes.occupant.chunks[chunk]!
    const requests = lifetimes.requested.chunks[chunk]!
    const sizes = lifetimes.size.chunks[chunk]!
    const sites = lifetimes.site?.chunks[chunk]
    const rows = Math.min(left, CHUNK_LENGTH)
    for (let i = 0; i < rows; i++) {
      if (occupants[i] !== Occupant.Busy || mask[(sites === undefined ? NONE : sites[i]!) + 1] !== 1) continue
      const bytes = requests[i] === UNKNOWN_SIZE ? sizes[i]! - headerBytes : requests[i]!
      changes[births[i]!]! += bytes
      if (deaths[i] !== STILL_ALIVE) changes[deaths[i]!]! -= bytes
    }
    yield
  }
  return yield* denseSteps(changes)
}
