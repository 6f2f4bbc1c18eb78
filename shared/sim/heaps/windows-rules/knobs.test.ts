import { expect, test } from 'vitest'
import { mulberry32 } from '../../../base/random'
import type { ParameterValue } from '../../../model/run'
import { HeapUnderTest } from '../../testing/heap-under-test'
import { RoutedHeap } from '../routed/routed-heap'

/* The settings people ask for, each of which has to change what a program of its size gets. */
const KNOBS: readonly (readonly [heap: string, profile: string, name: string, value: ParameterValue])[] = [
  ['nt-lfh', 'win10-x64', 'reserve', 0x400000],
  ['nt-lfh', 'win10-x64', 'commit', 0x10000],
  ['nt-lfh', 'win10-x64', 'segmentReserve', 0x400000],
  ['nt-lfh', 'win10-x64', 'commitStep', 0x40000],
  ['nt-lfh', 'win10-x64', 'decommitBlock', 0x100000],
  ['nt-lfh', 'win10-x64', 'decommitTotal', 0x400000],
  ['nt-lfh', 'win10-x64', 'lfh', false],
  ['nt-lfh', 'win10-x64', 'armAt', 200],
  ['nt-lfh', 'win10-x64', 'armTotal', 30],
  ['nt-lfh', 'win10-x64', 'granule', 8],
  ['nt-lfh', 'win10-x64', 'heapPer', 'thread'],
  ['nt-xp', 'xp-x86', 'lookasideDepth', 0],
  ['nt-xp', 'xp-x86', 'heapPer', 'site'],
  ['segment-heap', 'win11-22h2', 'lfh', false],
  ['segment-heap', 'win11-22h2', 'activeAt', 200],
  ['segment-heap', 'win11-22h2', 'activeAtTotal', 30],
  ['segment-heap', 'win11-22h2', 'keepPages', 2000],
  ['segment-heap', 'win11-22h2', 'vsDecommitPages', 1],
  ['segment-heap', 'win11-22h2', 'bits', '32'],
  ['segment-heap', 'win11-22h2', 'padding', 16],
  ['segment-heap', 'win11-22h2', 'guardPages', false],
  ['segment-heap', 'win11-22h2', 'heapPer', 'thread'],
]

/** Where the blocks of a program lie and what is committed, as one text. */
function outcome(heap: string, profile: string, overrides: Record<string, ParameterValue>): string {
  const under = new HeapUnderTest(heap, profile, overrides)
  const random = mulberry32(7)
  const live: number[] = []
  const places: number[] = []
  for (let i = 0; i < 2500; i++) {
    if (under.heap instanceof RoutedHeap) under.heap.thread = under.heap.site = i % 3
    const freesAll = i === 1800
    if (freesAll) while (live.length > 30) under.free(live.pop()!)
    if (live.length > 0 && random() < 0.4) under.free(live.splice(Math.floor(random() * live.length), 1)[0]!)
    else {
      const block = under.alloc(random() < 0.7 ? Math.floor(random() * 300) : Math.floor(random() * 30_000))
      live.push(block)
      places.push(under.offsetOf(block))
    }
  }
  return `${places.join(' ')} ${under.committedBytes} ${JSON.stringify(under.committed())}`
}

const usual = new Map<string, string>()
test.each(KNOBS)('%s %s: %s = %s', (heap, profile, name, value) => {
  const key = `${heap} ${profile}`
  if (!usual.has(key)) usual.set(key, outcome(heap, profile, {}))
  expect(outcome(heap, profile, { [name]: value })).not.toBe(usual.get(key))
})
