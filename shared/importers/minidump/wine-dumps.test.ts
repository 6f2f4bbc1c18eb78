import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { checkSnapshot } from '../../model/integrity'
import { BlockKind, BlockState, type Snapshot } from '../../model/snapshot'
import { bytesOf, hasKit, KIT_SAMPLES, openDump } from './testing/dump-data'

interface Truth {
  readonly heaps: readonly string[]
  /** heap, address, size, overhead, region index, flags; for a region also committed, uncommitted, first, last. */
  readonly walk: readonly (readonly [string, string, number, number, number, number, number?, number?, string?, string?])[]
  /** heap, address, size, serial, kind, HeapSize. */
  readonly own: readonly (readonly [string, string, number, number, string, number])[]
}

const REGION = 1
const UNCOMMITTED = 2
const BUSY = 4
const LARGE_HEADER_BYTES = 64
/** From the header of a free block to what HeapWalk calls its data. */
const FREE_HEADER_BYTES = 24
/** What HeapWalk leaves out at the end of a free block that runs on into uncommitted memory. */
const TAIL_BYTES = 64

function truthOf(stage: number): Truth {
  return JSON.parse(gunzipSync(readFileSync(join(KIT_SAMPLES, `stage${stage}.truth.json.gz`))).toString()) as Truth
}

/** The blocks of one heap as HeapWalk of Wine lists them: address and size of the data, overhead, what it is. */
function walkedEntries(snapshot: Snapshot, heap: number): string[] {
  const { blocks, segments } = snapshot
  const out: string[] = []
  const large: string[] = []
  const ofHeap = segments.map((segment, index) => ({ ...segment, index })).filter((segment) => segment.heap === heap)
  for (const segment of ofHeap) {
    const end = segment.base + segment.reservedBytes
    for (let row = blocks.address.slice().indexOf(segment.base); row < blocks.length && blocks.address.at(row) < end; row++) {
      const address = blocks.address.at(row)
      const size = blocks.size.at(row)
      const kind = blocks.kind!.at(row)
      if (kind === BlockKind.VirtualAlloc) large.push(`busy ${address + LARGE_HEADER_BYTES} ${blocks.requested.at(row)} 0`)
      else if (kind === BlockKind.Uncommitted) out.push(`uncommitted ${address} ${size}`)
      else if (blocks.state.at(row) === BlockState.Busy) out.push(`busy ${address + 8} ${blocks.requested.at(row)} ${size - blocks.requested.at(row)}`)
      else if (blocks.state.at(row) === BlockState.Free) {
        const runsOn = blocks.kind!.at(row + 1) === BlockKind.Uncommitted && address + size < end
        out.push(`free ${address + FREE_HEADER_BYTES} ${size - FREE_HEADER_BYTES - (runsOn ? TAIL_BYTES : 0)}`)
      }
    }
  }
  return [...out, ...large]
}

function truthEntries(truth: Truth, heap: string): string[] {
  return truth.walk
    // HeapWalk also tells of a fully committed sub-heap that 0 bytes of it are uncommitted.
    .filter((entry) => entry[0] === heap && entry[5] !== REGION && !(entry[5] === UNCOMMITTED && entry[2] === 0))
    .map(([, address, size, overhead, , flags]) => {
      if (flags === UNCOMMITTED) return `uncommitted ${Number(address)} ${size}`
      return flags === BUSY ? `busy ${Number(address)} ${size} ${overhead}` : `free ${Number(address)} ${size}`
    })
}

describe.skipIf(!hasKit)('dumps of a program under Wine 8', () => {
  describe.each([1, 2])('stage %i', (stage) => {
    let snapshot: Snapshot
    let truth: Truth
    beforeAll(async () => {
      snapshot = await openDump(bytesOf(join(KIT_SAMPLES, `stage${stage}.dmp.gz`)))
      truth = truthOf(stage)
    })

    it('finds exactly the heaps the process had', () => {
      expect(snapshot.heaps.map(({ base }) => base)).toEqual(truth.heaps.map(Number).sort((a, b) => a - b))
      expect(snapshot.heapReports.every(({ confidence, discovery }) => confidence === 'verified' && discovery === 'peb+scan')).toBe(true)
      expect(checkSnapshot(snapshot)).toEqual([])
    })

    it('walks every entry of every heap: kind, address, size, overhead', () => {
      let entries = 0
      for (const heap of truth.heaps) {
        const index = snapshot.heaps.findIndex(({ base }) => base === Number(heap))
        const expected = truthEntries(truth, heap)
        const walked = walkedEntries(snapshot, index)
        // Several sub-heaps come by address here and in order of creation there.
        const isOne = snapshot.heapReports[index]!.segments === 1
        expect(isOne ? walked : walked.sort(), heap).toEqual(isOne ? expected : expected.sort())
        entries += expected.length
      }
      expect(entries).toBeGreaterThan(3000)
    })

    it('tells regions, committed and reserved bytes as HeapWalk does', () => {
      for (const [index, heap] of snapshot.heaps.entries()) {
        const regions = truth.walk.filter((entry) => Number(entry[0]) === heap.base && entry[5] === REGION)
        const report = snapshot.heapReports[index]!
        expect(report.segments).toBe(regions.length)
        expect(report.committedBytes).toBe(regions.reduce((sum, entry) => sum + entry[6]!, 0))
        expect(report.reservedBytes).toBe(regions.reduce((sum, entry) => sum + entry[6]! + entry[7]!, 0))
      }
    })

    it('reads the content of every block the program owns', () => {
      for (const [, address, size, serial] of truth.own) {
        const expected = new Uint8Array(size).fill(serial & 0xff)
        if (size >= 8) new DataView(expected.buffer).setBigUint64(0, BigInt(serial), true)
        const read = snapshot.memory!.read(Number(address), size)
        expect(Buffer.compare(read, expected), address).toBe(0)
      }
      expect(truth.own.length).toBeGreaterThan(1000)
    })

    it('agrees with each heap’s own free lists', () => {
      for (const report of snapshot.heapReports) expect(report.counters.filter(({ equal }) => !equal)).toEqual([])
    })
  })
})
