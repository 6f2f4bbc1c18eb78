import { Column } from '../../base/column'
import { PAGE_BYTES, roundUp, type Address, type Bytes } from '../../base/units'
import { RegionState, RegionTable } from '../region-table'
import { BlockState, BlockTable, Snapshot, type SegmentRecord } from '../snapshot'

/*
 * Heaps drawn as text, for tests:
 *
 *   [AAAA][..][BB][....][~~~~]     one character = `bytesPerCharacter` consumed bytes, brackets are free of charge
 *   letters  a busy block           .  free      c  cached      #  internal      ~  uncommitted
 *   |        a new segment begins at the next multiple of `segmentGap`
 */
export interface DrawOptions {
  /** Consumed bytes one character stands for; 16 unless told. */
  readonly bytesPerCharacter?: Bytes
  /** Address of the first segment. */
  readonly base?: Address
  readonly headerBytes?: Bytes
  readonly pageBytes?: Bytes
  /** Segments begin at multiples of this. */
  readonly segmentGap?: Bytes
  /** Requested bytes of the busy blocks in order; the whole block less the header unless told. */
  readonly requested?: readonly Bytes[]
}

/** One block as a test writes it; `size` in bytes. */
export interface PlainBlock {
  readonly state: BlockState
  readonly size: Bytes
  readonly requested?: Bytes
  readonly site?: number
}

const STATE_OF: Readonly<Record<string, BlockState>> = { '.': BlockState.Free, c: BlockState.Cached, '#': BlockState.Internal, '~': BlockState.Uncommitted }

/** A snapshot from its picture; every bracket is one block. */
export function drawHeap(picture: string, options: DrawOptions = {}): Snapshot {
  const unit = options.bytesPerCharacter ?? 16
  const header = options.headerBytes ?? 0
  let busy = 0
  const segments = picture.split('|').map((part) =>
    [...part.matchAll(/\[([^\]]+)\]/g)].map((match): PlainBlock => {
      const text = match[1]!
      const state = STATE_OF[text[0]!] ?? BlockState.Busy
      const size = text.length * unit
      return { state, size, requested: state === BlockState.Busy ? (options.requested?.[busy++] ?? size - header) : 0 }
    }),
  )
  return buildHeap(segments, options)
}

/** A snapshot of one heap from the blocks of each segment, in address order; regions follow from the states. */
export function buildHeap(segments: readonly (readonly PlainBlock[])[], options: DrawOptions = {}): Snapshot {
  const gap = options.segmentGap ?? 65536
  const base = options.base ?? 0x10000
  const records: SegmentRecord[] = []
  const snapshot = emptySnapshot(records, base, options)
  const { blocks, regions } = snapshot
  const sites = segments.some((blocksOf) => blocksOf.some((block) => block.site !== undefined))
  if (sites) blocks.site = new Column('i32')
  let at = base
  for (const blocksOf of segments) {
    const start = at
    for (const block of blocksOf) {
      blocks.address.push(at)
      blocks.size.push(block.size)
      blocks.requested.push(block.requested ?? 0)
      blocks.state.push(block.state)
      blocks.heap.push(0)
      blocks.site?.push(block.site ?? -1)
      const state = block.state === BlockState.Uncommitted ? RegionState.Reserved : RegionState.Committed
      const last = regions.length - 1
      if (last >= 0 && at > start && regions.state.at(last) === state) regions.size.set(last, regions.size.at(last) + block.size)
      else {
        regions.base.push(at)
        regions.size.push(block.size)
        regions.state.push(state)
        regions.owner.push(-1)
      }
      at += block.size
    }
    records.push({ heap: 0, base: start, reservedBytes: at - start })
    at = roundUp(at, gap)
  }
  return snapshot
}

function emptySnapshot(segments: readonly SegmentRecord[], base: Address, options: DrawOptions): Snapshot {
  return new Snapshot({
    origin: { file: 'drawn', format: 'test', partial: false, notes: [] },
    pageBytes: options.pageBytes ?? PAGE_BYTES,
    addressSpace: { low: 0, high: 2 ** 47 },
    heaps: [{ id: 0, name: 'drawn', flavour: 'test', base, headerBytes: options.headerBytes ?? 0, granularity: 1, confidence: 'verified' }],
    segments,
    owners: [],
    regions: new RegionTable(),
    blocks: new BlockTable(),
    event: undefined,
    siteNames: [],
  })
}
