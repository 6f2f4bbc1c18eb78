import { describe, expect, it } from 'vitest'
import { cancelledAfter, quietJob } from '../base/job-context'
import { UNKNOWN_SIZE } from '../base/units'
import { BlockState } from '../model/snapshot'
import { snapshotAt } from '../model/snapshot-at'
import { randomRun } from '../model/testing/run-sketch'
import { keepFiltered, type BlockFilter } from './block-query'
import { BlockValues } from './block-values'
import { keptLifetimes, keptLiveOfRun } from './kept-live'
import { computeRunSeries } from './timeline'

const FILTERS: readonly BlockFilter[] = [
  {}, { where: 'size > 40' }, { where: 'requested in 8..64 or birth > 30' }, { fromAddress: 0x10100, toAddress: 0x11000 }, { states: [BlockState.Busy], minBytes: 24 }, { states: [BlockState.Free] },
]

describe('live bytes of the blocks a filter keeps', () => {
  const run = randomRun(3, 120)
  const liveOf = async (filter: BlockFilter) => keptLiveOfRun(run, (await keptLifetimes({ run }, filter, undefined, quietJob))!, quietJob)

  it('are at every event those of the blocks a cut there keeps', async () => {
    for (const filter of FILTERS) {
      const series = await liveOf(filter)
      for (let event = 0; event <= run.events; event += 7) {
        const snapshot = snapshotAt(run, event)
        const { mask } = await keepFiltered(new BlockValues(snapshot, new Float64Array(snapshot.blocks.length)), filter, undefined, quietJob)
        let live = 0
        for (let row = 0; row < snapshot.blocks.length; row++) {
          const requested = snapshot.blocks.requested.at(row)
          if (snapshot.blocks.state.at(row) !== BlockState.Busy || mask?.[row] === 0) continue
          live += requested === UNKNOWN_SIZE ? snapshot.blocks.size.at(row) : requested
        }
        expect({ filter, event, live: series.values[event] }).toEqual({ filter, event, live })
      }
    }
  })

  it('without a filter are what is live', async () => {
    expect([...(await liveOf({})).values]).toEqual([...computeRunSeries(run).live!.values])
  })

  it('are not available for what only a moment knows, and can be cancelled', async () => {
    expect(await keptLifetimes({ run }, { where: 'size > 4 and not (age > 10)' }, undefined, quietJob)).toBeNull()
    expect(await keptLifetimes({ run }, { where: 'pins = 0' }, undefined, quietJob)).toBeNull()
    const kept = (await keptLifetimes({ run }, { where: 'size > 4' }, undefined, quietJob))!
    await expect(keptLifetimes({ run }, { where: 'size > 4' }, undefined, cancelledAfter(0))).rejects.toMatchObject({ code: 'cancelled' })
    await expect(keptLiveOfRun(run, kept, cancelledAfter(0))).rejects.toMatchObject({ code: 'cancelled' })
  })
})
