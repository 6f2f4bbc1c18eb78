import { describe, expect, test } from 'vitest'
import { quietJob } from '../base/job-context'
import { Occupant } from '../model/run'
import { hashTrace } from '../model/trace-hash'
import { cutTrace } from '../model/trace-range'
import { heapDefinitions, resolveRequest } from '../sim/profiles'
import { reasonsOf } from '../sim/profiles/reasons'
import { grownRows, placedRows } from '../sim/profiles/reasons/reason-rows'
import { replayTrace } from '../sim/replay/replay'
import { explainRun } from './explain-run'
import { runSimulation, traceOfWorkload } from './run-simulation'

const telling = heapDefinitions.filter(({ id }) => reasonsOf(id) !== undefined).map(({ id }) => id)

describe.each(telling)('%s', (heap) => {
  test('says why of every placement and every change of memory, the same when asked afterwards', async () => {
    const trace = await traceOfWorkload('G1', quietJob)
    await cutTrace(trace, { by: 'events', from: 1, to: 1500 }, quietJob)
    trace.hash = await hashTrace(trace, quietJob)
    const run = await runSimulation(trace, { heap, overrides: {} }, quietJob)
    expect(run.reasons).toBeUndefined()
    const reasons = await explainRun(run, trace, quietJob)
    const placed = [...placedRows(run, reasons)]
    let busy = 0
    for (let row = 0; row < run.lifetimes.length; row++) if (run.lifetimes.occupant.at(row) === Occupant.Busy) busy++
    expect(placed).toHaveLength(busy)
    expect(placed.filter(({ reason, text }) => reason === 'untold' || /[{}]|NaN|undefined/.test(text))).toEqual([])
    const grown = [...grownRows(run, reasons)]
    expect(grown.length).toBeGreaterThan(0)
    expect(grown.filter(({ reason }) => reason === 'untold')).toEqual([])
    expect(grown.every(({ event }, i) => i === 0 || event >= grown[i - 1]!.event)).toBe(true)
    const asked = await replayTrace(trace, resolveRequest(heap, undefined, {}), quietJob, { explain: true })
    expect(JSON.stringify([...placedRows(asked, asked.reasons!)])).toBe(JSON.stringify(placed))
  })
})

test('another trace, a recorded layout and a manager that tells nothing are refused', async () => {
  const trace = await traceOfWorkload('G4', quietJob)
  const run = await runSimulation(trace, { heap: 'slab', overrides: {} }, quietJob)
  await expect(explainRun(run, await traceOfWorkload('G5', quietJob), quietJob)).rejects.toMatchObject({ code: 'reasons-unavailable' })
  const silent = await runSimulation(trace, { heap: 'buddy', overrides: {} }, quietJob)
  await expect(explainRun(silent, trace, quietJob)).rejects.toMatchObject({ code: 'reasons-unavailable' })
})
