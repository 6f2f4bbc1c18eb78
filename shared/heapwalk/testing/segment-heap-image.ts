import { mulberry32 } from '../../base/random'
import { PAGE_BYTES, type Address, type Bytes } from '../../base/units'
import { type Layout, layoutOf } from '../layouts/choose-layout'
import type { Bits, BuildKey } from '../layouts/structure-table'
import type { LaidBlock } from '../materialise/laid-block'
import { materialiseSegmentHeap } from '../materialise/segment-heap-image'
import type { ChunkPlan, PageSegmentPlan, RangePlan, SegmentHeapPlan, SlotPlan } from '../materialise/segment-heap-plan'
import { slotsThatFit } from '../materialise/segment-sub-segments'
import { bucketBlockSize } from '../../model/lfh-buckets'
import { firstUnitOf } from '../segment/segment-heap'
import type { Word64 } from '../segment/word64'
import { SparseMemory } from './sparse-memory'

export interface SegmentHeapImage {
  readonly layout: Layout
  readonly subLayout: Layout
  readonly memory: SparseMemory
  /** Bytes of each piece of memory, to be damaged in place. */
  readonly pieces: readonly { readonly address: Address; readonly bytes: Uint8Array }[]
  /** Blocks and slots in order of address, structures left out. */
  readonly placed: readonly LaidBlock[]
  /** Where each sub-segment and page range lies, in order. */
  readonly ranges: ReturnType<typeof materialiseSegmentHeap>['ranges']
  readonly segments: readonly Address[]
}

export interface RandomHeapPlan {
  readonly bits: Bits
  readonly build: BuildKey
  readonly address: Address
  /** First address of the page segments, a multiple of 16 MB. */
  readonly segmentsAt: Address
  readonly seed: number
  readonly heapKey: Word64
  readonly lfhKey: number
}

const DESCRIPTORS = 256
const PAGES_OF_VS = 16
const USED_UNITS = { 12: 200, 16: 12 } as const

/**
 * A segment heap as memory: two page segments of the first context, one of the second where the build has one, all three
 * kinds of ranges in them in turn, and two large blocks. Sizes, states and unused bytes are drawn with the plan's seed.
 */
export function buildSegmentHeap(plan: RandomHeapPlan): SegmentHeapImage {
  const random = mulberry32(plan.seed)
  const below = (limit: number): number => Math.floor(random() * limit)
  const { segmentsAt, build, bits } = plan
  const layout = layoutOf(bits, build)
  const hasContexts = layout.optionalOffset('SEGMENT_HEAP', 'SegContexts') !== undefined
  const subLayout = layout.has('HEAP_LFH_SUBSEGMENT') ? layout : layoutOf(bits, 'win11_21H2')
  const drawer = new RangeDrawer(layout, subLayout, build, below)
  const segments = [drawer.segment(segmentsAt, 12), drawer.segment(segmentsAt + 0x300000, 12), ...(hasContexts ? [drawer.segment(segmentsAt + 0x1000000, 16)] : [])]
  const large = [0, 1].map((i) => {
    const bytes = (130 + below(100)) * PAGE_BYTES
    return { address: segmentsAt + 0x3000000 + i * 0x400000, bytes, requested: bytes - below(PAGE_BYTES), reservedBehind: PAGE_BYTES }
  })
  const whole: SegmentHeapPlan = {
    ...plan, reservedBehind: 0, segments, large, metadataAt: plan.address + 0x10000, usage: [], largestOfContext: [520_192, 8_323_072], encodesRoot: below(2) === 1,
  }
  const image = materialiseSegmentHeap(whole)
  const memory = new SparseMemory()
  for (const { address, bytes, reservedBehind } of image.memory) memory.add(address, bytes, reservedBehind)
  const placed = [...image.laid].sort((a, b) => a.address - b.address)
  return { layout, subLayout, memory, pieces: image.memory, placed, ranges: image.ranges, segments: segments.map(({ address }) => address) }
}

class RangeDrawer {
  readonly #heapLayout: Layout
  readonly #layout: Layout
  readonly #build: BuildKey
  readonly #below: (limit: number) => number

  constructor(heapLayout: Layout, layout: Layout, build: BuildKey, below: (limit: number) => number) {
    this.#heapLayout = heapLayout
    this.#layout = layout
    this.#build = build
    this.#below = below
  }

  segment(address: Address, unitShift: 12 | 16): PageSegmentPlan {
    const used = USED_UNITS[unitShift]
    const ranges: RangePlan[] = []
    let unit = firstUnitOf(this.#heapLayout, 2 ** unitShift)
    for (let turn = 0; unit + PAGES_OF_VS < used || (unitShift === 16 && unit + 3 < used); turn++) {
      const range = this.#range(turn, unitShift)
      ranges.push(range)
      unit += range.units
    }
    ranges.push({ use: 'free', units: DESCRIPTORS - unit })
    const pages = new Uint8Array((DESCRIPTORS * 2 ** unitShift) / PAGE_BYTES)
    return { address, unitShift, ranges, pages: pages.fill(1, 0, (used * 2 ** unitShift) / PAGE_BYTES) }
  }

  #range(turn: number, unitShift: 12 | 16): RangePlan {
    const use = unitShift === 16 ? 'pages' : (['vs', 'lfh', 'pages', 'free'] as const)[turn % 4]!
    if (use === 'vs') return { use, units: PAGES_OF_VS, isGuarded: false, chunks: this.#chunks(PAGES_OF_VS * PAGE_BYTES) }
    if (use === 'lfh') return this.#slots(2 + this.#below(3))
    const units = 1 + this.#below(unitShift === 16 ? 3 : 4)
    return use === 'free' ? { use, units } : { use, units, requested: units * 2 ** unitShift - this.#below(PAGE_BYTES) }
  }

  #chunks(bytes: Bytes): ChunkPlan[] {
    const wide = this.#layout.bits === 64
    const granule = wide ? 16 : 8
    const chunks: ChunkPlan[] = []
    for (let left = (bytes - (wide ? 0x30 : 0x18)) / granule; left > 0; ) {
      const drawn = 2 + this.#below(40)
      const units = left - drawn < 2 ? left : drawn
      const size = units * granule
      const isBusy = this.#below(3) > 0
      const unused = isBusy && size - granule > 16 ? this.#below(12) : 0
      chunks.push({ bytes: size, isBusy, requested: isBusy ? size - granule - unused : 0, cost: 0 })
      left -= units
    }
    return chunks
  }

  #slots(units: number): RangePlan {
    const bucket = 1 + this.#below(40)
    const slotBytes = bucketBlockSize(bucket, this.#layout.bits)
    const count = Math.min(1000, slotsThatFit(this.#layout, bucket, units * PAGE_BYTES))
    const slots = Array.from({ length: count }, (): SlotPlan => {
      const isBusy = this.#below(4) > 0
      const unused = isBusy && this.#build !== 'win11_24H2' && slotBytes > 8 ? this.#below(6) : 0
      return { isBusy, requested: isBusy ? slotBytes - unused : 0 }
    })
    return { use: 'lfh', units, bucket, firstFreeWord: 0, slots }
  }
}
