import { closeSync, openSync, readSync } from 'node:fs'
import path from 'node:path'
import type { Bench, BenchPlace } from '../../scripts/bench/bench-contract'
import { childBench } from '../../scripts/bench/peers/child-bench'
import { quietJob } from '../../shared/base/job-context'
import { hugeHeap, writeHugeDump, type HugeHeap } from '../../shared/dumpfile/testing/huge-heap'
import { openDocument } from '../../shared/jobs/open-document'
import { FileSource } from '../files/file-source'

const DUMP_BYTES = 8 * 1024 ** 3
const SMALL_BLOCKS = 5_000_000
/** As much as the walk reads at a time. */
const PIECE_BYTES = 256 * 1024
const what = 'dump of 8 GB with 5 M blocks of 48 bytes and 16 k of 508 KB in one NT heap'

interface Sample {
  readonly file: string
  readonly heap: HugeHeap
}

let written: Promise<Sample> | undefined

/** Sparse on disk: what is not zero takes about 240 MB. */
function sampleOf(place: BenchPlace): Promise<Sample> {
  const make = async (): Promise<Sample> => {
    const heap = hugeHeap(DUMP_BYTES, SMALL_BLOCKS)
    const file = path.join(place.temporaryFolder, 'huge.dmp')
    await writeHugeDump(file, heap)
    return { file, heap }
  }
  return (written ??= make())
}

async function openAndCount(file: string): Promise<number> {
  const source = new FileSource(file)
  try {
    const { document } = await openDocument(source, { mode: 'strict' }, quietJob)
    if (document.kind !== 'snapshot' || document.heapReports[0]?.confidence !== 'verified') throw new Error('the heap was not walked')
    return document.blocks.length
  } finally {
    source.close()
  }
}

/** For a process of its own: M blocks/s from the file to the finished snapshot. */
export function openRate(file: string): () => Promise<number> {
  return async () => {
    const start = performance.now()
    return (await openAndCount(file)) / 1000 / (performance.now() - start)
  }
}

/** For a process of its own: its largest resident memory, in MB, after opening once. */
export function openPeakMegabytes(file: string): () => Promise<number> {
  return async () => {
    await openAndCount(file)
    return (process.resourceUsage().maxRSS * 1024) / 1e6
  }
}

const inChild = async (place: BenchPlace, exportName: string) => childBench(place, { moduleUrl: import.meta.url, exportName, args: [(await sampleOf(place)).file] })

/** Reads the pages that hold small blocks, as many bytes as the walk has to see. */
function readSmallBlocks({ file, heap }: Sample): number {
  const piece = new Uint8Array(PIECE_BYTES)
  const segmentBytes = 16 * 1024 ** 2
  const denseBytes = (SMALL_BLOCKS * 48) / (DUMP_BYTES / segmentBytes)
  const fd = openSync(file, 'r')
  const start = performance.now()
  for (let segment = 0; segment < DUMP_BYTES; segment += segmentBytes) {
    for (let at = 0; at < denseBytes; at += PIECE_BYTES) readSync(fd, piece, 0, PIECE_BYTES, segment + at)
  }
  const took = performance.now() - start
  closeSync(fd)
  return heap.blocks / 1000 / took
}

export const benches: Bench[] = [
  {
    name: 'dump/open',
    title: `${what}: opened, walked, laid out as a snapshot; Node`,
    unit: 'M blocks/s',
    better: 'higher',
    reference: 'dump/read',
    prepare: (place) => inChild(place, 'openRate'),
  },
  {
    name: 'dump/peak',
    title: `${what}: largest resident memory of a process that opens it`,
    unit: 'MB',
    better: 'lower',
    goal: '< 1,000 MB',
    once: true,
    prepare: (place) => inChild(place, 'openPeakMegabytes'),
  },
  {
    name: 'dump/read',
    title: 'floor: the pages with the small blocks of that dump, read in pieces of 256 KB and not looked at',
    unit: 'M blocks/s',
    better: 'higher',
    prepare: async (place) => {
      const sample = await sampleOf(place)
      return { measure: () => readSmallBlocks(sample) }
    },
  },
]
