import { PageMap } from '../../model/page-map'
import { Occupant, type Run } from '../../model/run'
import { Op, type Trace } from '../../model/trace'

/** Largest number of committed bytes over the run, as the page changes tell it. */
export function peakCommittedBytes(run: Run): number {
  const map = new PageMap()
  let peak = 0
  for (let row = 0; row < run.pages.length; row++) {
    map.apply(run.pages.base.at(row), run.pages.size.at(row), run.pages.state.at(row))
    peak = Math.max(peak, map.committedBytes)
  }
  return peak
}

/** Largest sum of requested bytes alive after an event. */
export function peakRequestedBytes(trace: Trace): number {
  const sizes = new Float64Array(trace.objects)
  let live = 0
  let peak = 0
  for (let row = 0; row < trace.events; row++) {
    if (trace.op.at(row) === Op.OrphanFree) continue
    const object = trace.object.at(row)
    live += trace.size.at(row) - sizes[object]!
    sizes[object] = trace.size.at(row)
    peak = Math.max(peak, live)
  }
  return peak
}

/** Addresses of the objects' first stays relative to the first address of the heap, by object; -1 without one. */
export function firstAddresses(run: Run, objects: number): number[] {
  const addresses = new Array<number>(objects).fill(-1)
  for (let row = run.lifetimes.length - 1; row >= 0; row--) {
    if (run.lifetimes.occupant.at(row) !== Occupant.Busy) continue
    addresses[run.lifetimes.object.at(row)] = run.lifetimes.address.at(row) - run.heaps[0]!.base
  }
  return addresses
}
