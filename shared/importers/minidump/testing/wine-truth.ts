import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect } from 'vitest'
import { BlockKind, BlockState, type Snapshot } from '../../../model/snapshot'

/** What a program under Wine said of its own heaps, as HeapWalk lists them. */
export interface Truth {
  readonly heaps: readonly string[]
  /** heap, address, size, overhead, region index, flags; for a region also committed, uncommitted, first, last. */
  readonly walk: readonly (readonly [string, string, number, number, number, number, number?, number?, string?, string?])[]
  /** heap, address, size, serial, kind, HeapSize. */
  readonly own: readonly (readonly [string, string, number, number, string, number])[]
}

export const REGION = 1
const UNCOMMITTED = 2
const BUSY = 4
const LARGE_HEADER_BYTES = 64
/** From the header of a free block to what HeapWalk calls its data. */
const FREE_HEADER_BYTES = 24
/** What HeapWalk leaves out at the end of a free block that runs on into uncommitted memory. */
const TAIL_BYTES = 64

export function readTruth(path: string): Truth {
  return JSON.parse(gunzipSync(readFileSync(path)).toString()) as Truth
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

/** Expects every entry of every heap as the program told it: kind, address, size, overhead, order. Returns how many there were. */
export function expectWalkEquals(snapshot: Snapshot, truth: Truth): number {
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
  return entries
}
