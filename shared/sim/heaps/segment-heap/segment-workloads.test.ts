import { expect, test } from 'vitest'
import { quietJob } from '../../../base/job-context'
import type { ParameterValue } from '../../../model/run'
import { snapshotAt } from '../../../model/snapshot-at'
import { layoutsWith } from '../../../heapwalk/layouts/choose-layout'
import { heapDefinitions, resolveRequest } from '../../profiles'
import { replayTrace } from '../../replay/replay'
import { peakCommittedBytes } from '../../testing/run-totals'
import { workloads } from '../../workload'

const traces = workloads.map((workload) => workload.build())

/**
 * Peak committed bytes on G1 to G8. Nobody published any: these numbers are this simulator's own, frozen so that a
 * change of behaviour is seen. Profiles that differ only in the layout of their bytes have the same.
 */
const PEAKS: readonly (readonly [profile: string, overrides: Record<string, ParameterValue>, peaks: readonly number[]])[] = [
  ['win10-1511', {}, [524288, 360448, 708608, 483328, 1650688, 1396736, 143360, 1261568]],
  ['win10-1703', {}, [524288, 360448, 708608, 483328, 1650688, 1396736, 143360, 1261568]],
  ['win10-1709', {}, [524288, 360448, 708608, 483328, 1650688, 1396736, 143360, 1282048]],
  ['win11-22h2', {}, [524288, 360448, 708608, 483328, 1650688, 1396736, 143360, 1282048]],
  ['win11-24h2', {}, [524288, 360448, 708608, 483328, 1650688, 1396736, 143360, 1282048]],
  ['win11-22h2', { lfh: false }, [331776, 212992, 593920, 360448, 729088, 2170880, 36864, 1347584]],
  ['win10-1703-x86', {}, [860160, 409600, 704512, 479232, 1642496, 1388544, 139264, 1257472]],
  ['win10-2004-x86', {}, [864256, 413696, 708608, 483328, 1650688, 1396736, 143360, 1282048]],
]

test.each(PEAKS)('peak committed bytes of %s %o on G1 to G8', async (profile, overrides, peaks) => {
  const got: number[] = []
  for (const trace of traces) {
    const run = await replayTrace(trace, resolveRequest('segment-heap', profile, overrides), quietJob)
    got.push(peakCommittedBytes(run))
    // Blocks lie apart and in committed memory, or the cut throws.
    snapshotAt(run, Math.floor(run.events / 2))
    snapshotAt(run, run.events)
  }
  expect(got).toEqual(peaks)
})

test('every profile has the figures of one above: they differ in nothing but the build, whose descriptors are as large', () => {
  const definition = heapDefinitions.find(({ id }) => id === 'segment-heap')!
  const kindOf = (profile: string): string => {
    const { build, ...rest } = resolveRequest('segment-heap', profile, {}).parameters
    const [layout] = layoutsWith(rest['bits'] === '64' ? 64 : 32, 'HEAP_PAGE_RANGE_DESCRIPTOR').filter(({ key }) => key === build || build === 'win10_1507')
    return JSON.stringify([rest, layout!.size('HEAP_PAGE_RANGE_DESCRIPTOR')])
  }
  const known = new Set(PEAKS.map(([profile]) => kindOf(profile)))
  for (const { id } of definition.profiles) expect(known.has(kindOf(id)), id).toBe(true)
})
