import type { SimulationRequest } from '../../../shared/ipc/engine-api'

/** What the start page shows a newcomer; made on the spot by the simulator. */
export interface Example {
  readonly id: string
  readonly title: string
  readonly text: string
  readonly requests: readonly SimulationRequest[]
  /** Event the run opens at; absent = its largest footprint. */
  readonly event?: number
}

/** G6 frees its last block of 448 bytes at this event: 2000 pairs allocated, 2000 freed. */
const CHECKERBOARD_EVENT = 6000

const run = (workload: string, heap: string): SimulationRequest => ({ input: { workload }, heap, overrides: {} })

export const examples: readonly Example[] = [
  {
    id: 'checkerboard',
    title: 'Checkerboard: plenty free, nothing fits',
    text: 'Two thousand holes of 448 bytes between small blocks, just before requests of 512 bytes come. Opens the memory map.',
    requests: [run('G6', 'first-fit')],
    event: CHECKERBOARD_EVENT,
  },
  {
    id: 'first-against-best',
    title: 'First fit against best fit on one workload',
    text: 'The same 21,000 operations in two heaps, map beside map. Opens the comparison.',
    requests: [run('G1', 'first-fit'), run('G1', 'best-fit')],
  },
]

