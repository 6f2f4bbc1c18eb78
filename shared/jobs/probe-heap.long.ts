import { expect, test } from 'vitest'
import { committedBytes, sumBlockTotals } from '../analysis/metrics/block-totals'
import { quietJob } from '../base/job-context'
import { snapshotAt } from '../model/snapshot-at'
import { heapDefinitions } from '../sim/profiles'
import { probeRun } from './probe-heap'
import { runSimulation, traceOfWorkload } from './run-simulation'

/* Every manager answers at several moments, and asking a second time says the same: the question changes nothing. */
test.each(heapDefinitions.map(({ id }) => id))('%s', async (heap) => {
  const run = await runSimulation(await traceOfWorkload('workload:G2', quietJob), { heap, overrides: {} }, quietJob)
  for (const share of [0.1, 0.5, 0.9]) {
    const event = Math.floor(run.events * share)
    const committed = committedBytes(sumBlockTotals(snapshotAt(run, event)))
    const probe = await probeRun(run, event, quietJob)
    if ('reason' in probe) throw new Error(probe.reason)
    expect(probe.largestBytes).toBeLessThanOrEqual(committed)
    expect(probe.served.at(-1)).toBe(0)
    probe.requestBytes.forEach((bytes, i) => expect(probe.served[i] === 1 ? bytes <= probe.largestBytes : true).toBe(true))
    expect(await probeRun(run, event, quietJob)).toEqual(probe)
  }
})
