import { expect } from 'vitest'
import { quietJob } from '../../base/job-context'
import { mulberry32 } from '../../base/random'
import type { Address, Bytes } from '../../base/units'
import { BlockKind, BlockState } from '../../model/snapshot'
import { layoutsWith } from '../layouts/choose-layout'
import type { Bits } from '../layouts/structure-table'
import { walkHeaps } from '../walk-heaps'
import { buildNtHeap } from './nt-heap-image'
import { buildSegmentHeap } from './segment-heap-image'
import { SparseMemory } from './sparse-memory'
import { buildWineHeap } from './wine-heap-image'

export const FAMILIES = ['NT heaps of 64 bits', 'NT heaps of 32 bits', 'segment heaps', 'heaps of Wine'] as const
export type Family = (typeof FAMILIES)[number]

interface Block {
  readonly address: Address
  readonly size: Bytes
  readonly busy: boolean
}

/** A heap to be damaged: blocks that touch, the bytes they stand in, and how their headers say their size. */
interface Subject {
  readonly memory: SparseMemory
  readonly bits: Bits
  readonly bytes: Uint8Array
  readonly base: Address
  readonly blocks: readonly Block[]
  readonly unit: number
  /** From a block's address to its header, and the header's bytes whose change is an error. */
  readonly header: number
  readonly headerBytes: number
  /** Bits whose flip alone no check can miss. */
  readonly guardedBits: readonly number[]
  /** True when the block behind names the size of this one. */
  readonly guardsSize: boolean
  /** Gives the header of the block at `at` another size, as a writer who knows the encoding would. */
  readonly setUnits: (at: number, from: number, to: number) => void
  /** From a free block to its list links; undefined when they are not to be damaged. */
  readonly links: number | undefined
}

export type Damage = 'bit' | 'header' | 'zeros' | 'overrun' | 'false size' | 'links'
const KINDS: readonly Damage[] = ['bit', 'header', 'zeros', 'overrun', 'false size', 'links']

/** Damages a heap of the family as `seed` says, walks it, and expects the damage told at its place and nothing else lost. */
export async function expectDamageFound(family: Family, seed: number): Promise<void> {
  const random = mulberry32(seed)
  const below = (limit: number): number => Math.floor(random() * limit)
  const subject = subjectOf(family, seed, below)
  const wanted = KINDS[seed % KINDS.length]!
  const damage = wanted === 'links' && subject.links === undefined ? 'header' : wanted
  const candidates = subject.blocks.map((_, i) => i).filter((i) => i > 4 && i < subject.blocks.length - 5 && (damage !== 'links' || !subject.blocks[i]!.busy))
  const victim = candidates[below(candidates.length)]!
  const hit = apply(subject, damage, victim, below)
  const { heapReports, blocks } = await walkHeaps({ memory: subject.memory, bits: subject.bits, build: 0, tebs: [], addressSpace: { low: 0x10000, high: 2 ** 47 } }, quietJob)
  const label = `${family}, seed ${seed}: ${damage} at block ${victim}`
  const from = subject.blocks[victim]!.address
  const last = subject.blocks[hit[hit.length - 1] ?? victim]!
  const findings = heapReports.flatMap((report) => report.findings).filter(({ severity }) => severity !== 'note')
  const isHit = (place: Address | undefined): boolean => place !== undefined && place >= from && place <= last.address + last.size
  // A link is told by where it leads, and by the node it stands in.
  const places = findings.filter(({ address, lastGood, code }) => isHit(address) || (code === 'free-list-broken' && isHit(lastGood)))
  expect(places.length, `${label}: ${JSON.stringify(findings)}`).toBeGreaterThan(0)
  for (const { text } of places) expect(text.length).toBeGreaterThan(20)
  const rows = new Map(Array.from({ length: blocks.length }, (_, row) => [blocks.address.at(row), row]))
  subject.blocks.forEach((block, i) => {
    if (hit.includes(i)) return
    const row = rows.get(block.address)
    const found = row === undefined ? 'nothing' : `${blocks.size.at(row)} ${blocks.state.at(row) === BlockState.Busy}`
    expect(found, `${label}; block ${i} of ${subject.blocks.length}`).toBe(`${block.size} ${block.busy}`)
  })
}

/** Changes bytes; returns the indices of the blocks whose headers were hit. */
function apply({ bytes, base, blocks, unit, header, headerBytes, guardedBits, guardsSize, setUnits, links }: Subject, damage: Damage, victim: number, below: (limit: number) => number): number[] {
  const block = blocks[victim]!
  const at = block.address - base + header
  const scramble = (from: number, to: number): void => {
    for (let i = from; i < to; i++) bytes[i]! ^= 1 + below(255)
  }
  switch (damage) {
    case 'bit': {
      const bit = guardedBits[below(guardedBits.length)]!
      bytes[at + (bit >> 3)]! ^= 1 << (bit & 7)
      return [victim]
    }
    case 'header':
      scramble(at, at + headerBytes)
      return [victim]
    case 'zeros':
      bytes.fill(0, at, at + headerBytes)
      return [victim]
    case 'overrun': {
      // From inside the block before, over one to four headers.
      const end = at + headerBytes + below(120)
      scramble(at - below(8), end)
      return blocks.flatMap((other, i) => (i >= victim && other.address - base + header < end ? [i] : []))
    }
    case 'false size': {
      const units = block.size / unit
      let other = below(2) === 0 && units > 4 ? 2 + below(units - 3) : units + 1 + below(60)
      // In a heap of Wine nothing tells a block that ends with a later one from a larger block.
      while (!guardsSize && blocks.some(({ address }) => address === block.address + other * unit)) other++
      setUnits(at, units, other)
      return [victim]
    }
    case 'links':
      scramble(block.address - base + links!, block.address - base + links! + 4)
      return []
  }
}

function subjectOf(family: Family, seed: number, below: (limit: number) => number): Subject {
  switch (family) {
    case 'NT heaps of 64 bits':
      return ntSubject(64, below)
    case 'NT heaps of 32 bits':
      return ntSubject(32, below)
    case 'segment heaps':
      return segmentSubject(seed, below)
    case 'heaps of Wine':
      return wineSubject(seed % 2 === 0 ? 64 : 32, seed)
  }
}

function ntSubject(bits: Bits, below: (limit: number) => number): Subject {
  const builds = layoutsWith(bits, 'HEAP')
  const key = Array.from({ length: 8 }, (_, i) => (i < 6 ? below(256) : 0))
  // Two free blocks in a row would have been merged.
  const planned = Array.from({ length: 200 }, (_, i) => ({ units: 2 + below(30), busy: i % 2 === 0 || below(3) > 0, unused: 8 + below(8) }))
  const image = buildNtHeap({ bits, build: builds[below(builds.length)]!.key, address: 0x530000, key, blocks: planned, committedPages: 16, reservedPages: 64 })
  const { unit, header } = image.layout
  const setUnits = (at: number, from: number, to: number): void => {
    const change = [(from ^ to) & 0xff, (from ^ to) >>> 8]
    change.forEach((byte, i) => (image.bytes[at + i]! ^= byte))
    image.bytes[at + 3]! ^= change[0]! ^ change[1]!
  }
  return {
    memory: new SparseMemory().add(image.address, image.bytes, image.uncommittedBytes),
    bits,
    bytes: image.bytes,
    base: image.address,
    blocks: planned.map(({ units, busy }, i) => ({ address: image.entries[i]!, size: units * unit, busy })),
    unit,
    header,
    headerBytes: 8,
    guardedBits: Array.from({ length: 32 }, (_, bit) => bit),
    guardsSize: true,
    setUnits,
    links: unit,
  }
}

function segmentSubject(seed: number, below: (limit: number) => number): Subject {
  const bits = seed % 3 === 0 ? 32 : 64
  const layouts = layoutsWith(bits, 'SEGMENT_HEAP').filter((layout) => layout.has('HEAP_PAGE_RANGE_DESCRIPTOR') && layout.size('HEAP_PAGE_RANGE_DESCRIPTOR') > 0)
  const base = bits === 64 ? 0x1f200000000 : 0x10000000
  const image = buildSegmentHeap({
    bits, build: layouts[below(layouts.length)]!.key, seed, address: base + 0x110000, segmentsAt: base + 0x1000000,
    heapKey: { low: below(0x100000000), high: bits === 64 ? below(0x100000000) : 0 }, lfhKey: below(0x100000000),
  })
  const ranges = image.ranges.filter(({ use }) => use === 'vs')
  const range = ranges[below(ranges.length)]!
  const piece = image.pieces.find(({ address, bytes }) => range.address >= address && range.address < address + bytes.length)!
  const wide = bits === 64
  const view = new DataView(piece.bytes.buffer, piece.bytes.byteOffset, piece.bytes.byteLength)
  return {
    memory: image.memory,
    bits,
    bytes: piece.bytes,
    base: piece.address,
    blocks: image.placed.filter(({ kind, address }) => kind === BlockKind.VsChunk && address >= range.address && address < range.address + range.bytes).map(({ address, size, state }) => ({ address, size, busy: state === BlockState.Busy })),
    unit: wide ? 16 : 8,
    header: 0,
    headerBytes: wide ? 8 : 4,
    // Size and previous size; the lowest bits count the cost of a free chunk, which no walk needs.
    guardedBits: Array.from({ length: wide ? 32 : 30 }, (_, i) => i + (wide ? 16 : 1)),
    guardsSize: true,
    setUnits: (at, from, to) => view.setUint32(at, (view.getUint32(at, true) ^ ((from ^ to) << (wide ? 16 : 1))) >>> 0, true),
    links: undefined,
  }
}

function wineSubject(bits: Bits, seed: number): Subject {
  const image = buildWineHeap(bits, 0x530000, seed)
  const unit = bits === 64 ? 16 : 8
  const view = new DataView(image.bytes.buffer)
  return {
    memory: new SparseMemory().add(image.address, image.bytes, image.uncommittedBytes),
    bits,
    bytes: image.bytes,
    base: image.address,
    blocks: image.blocks.slice(0, -1),
    unit,
    header: 0,
    headerBytes: 8,
    // The flag that says it is free, the number of its region and its type; nothing guards the size but the block behind.
    guardedBits: [16, ...Array.from({ length: 32 }, (_, i) => i + 32)],
    guardsSize: false,
    setUnits: (at, _from, to) => view.setUint16(at, to, true),
    links: 8,
  }
}
