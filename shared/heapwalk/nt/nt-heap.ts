import { NumberMap } from '../../base/number-map'
import { PAGE_BYTES, type Address, type Bytes } from '../../base/units'
import { FindingList, hex, hexBytes } from '../finding-list'
import { isLayoutOfBuild, layoutsByLikelihood } from '../layouts/choose-layout'
import type { Bits } from '../layouts/structure-table'
import { walkListBothWays } from '../list'
import type { MemoryView } from '../memory-view'
import { deriveKey, heapEntryBytes } from './entry'
import { type NtLayout, ntLayoutOf } from './nt-layout'

/** Values every version shares (structure constants that come with the offsets). */
export const SEGMENT_SIGNATURE = 0xffeeffee
const HEAP_SIGNATURE = 0xeeffeeff
const ENCODED = 0x00100000
/** Limits against lists made to run for ever. */
const MAX_SEGMENTS = 4096
const MAX_UCRS = 65_536
const MAX_FREE_BLOCKS = 1 << 24
const MAX_VIRTUAL_BLOCKS = 1 << 20

export interface NtSegment {
  readonly base: Address
  readonly firstEntry: Address
  readonly lastValidEntry: Address
  readonly reservedBytes: Bytes
  readonly uncommittedPages: number
  readonly uncommittedRanges: number
  /** Uncommitted ranges as the segment's list tells them, by address; one whose pages are all committed again has size 0. */
  readonly ucrs: readonly Ucr[]
}

export interface Ucr {
  readonly address: Address
  readonly size: Bytes
  /** The descriptor, which lies in the last block before the range. */
  readonly descriptor: Address
}

export interface NtVirtualBlock {
  readonly address: Address
  readonly commitBytes: Bytes
  readonly reserveBytes: Bytes
  /** Bytes after the node that the program asked for; NaN when the entry does not decode. */
  readonly requested: Bytes
}

export interface NtHeap {
  readonly address: Address
  readonly layout: NtLayout
  readonly layoutVerified: boolean
  readonly flags: number
  readonly frontEndType: number
  readonly frontEnd: Address
  /** XOR of every entry header; all zero when entries are stored plainly. */
  readonly key: Uint8Array
  readonly keySource: 'stored' | 'derived' | 'none'
  readonly segments: readonly NtSegment[]
  readonly virtualBlocks: readonly NtVirtualBlock[]
  /** User address of every block in the free lists; value 1 once the walk met it. */
  readonly freeNodes: NumberMap
  /** User addresses of blocks the heap keeps its own tables in, as its header points to them. */
  readonly structures: readonly Address[]
  readonly findings: FindingList
}

/** Reads everything of a heap but its blocks; undefined when there is no NT heap at the address. */
export function readNtHeap(view: MemoryView, address: Address, bits: Bits, build: number): NtHeap | undefined {
  const findings = new FindingList()
  const choice = chooseLayout(view, address, bits, build)
  if (choice === undefined) return undefined
  const { layout, verified } = choice
  if (!verified) {
    findings.add('layout-unverified', 'warning', `No known layout fits the heap's own header length ${hex(choice.storedLength)}; read as ${layout.layout.key}.`, { address })
  } else if (build > 0 && !isLayoutOfBuild(layout.layout.key, build)) {
    findings.add('layout-of-other-build', 'note', `Build ${build} has no layout of its own; ${layout.layout.key} agrees with the heap's header length.`, { address })
  }
  const member = (name: keyof NtLayout['heap']): number => address + layout.heap[name]
  const { key, source } = readKey(view, address, layout, findings)
  return {
    address,
    layout,
    layoutVerified: verified,
    flags: view.u32(member('Flags')) || 0,
    frontEndType: view.u8(member('FrontEndHeapType')) || 0,
    frontEnd: view.pointer(member('FrontEndHeap'), bits) || 0,
    key,
    keySource: source,
    segments: readSegments(view, address, layout, findings),
    virtualBlocks: readVirtualBlocks(view, address, layout, key, findings),
    structures: readStructures(view, address, layout),
    freeNodes: readFreeLists(view, address, layout, findings),
    findings,
  }
}

interface LayoutChoice {
  readonly layout: NtLayout
  readonly verified: boolean
  readonly storedLength: number
}

/**
 * The likeliest layout whose signature and header length both stand in the heap; where several have one length, one
 * whose counters make sense. Else the likeliest with its signature.
 */
function chooseLayout(view: MemoryView, address: Address, bits: Bits, build: number): LayoutChoice | undefined {
  let fallback: LayoutChoice | undefined
  for (const candidate of layoutsByLikelihood(bits, build, 'HEAP')) {
    const layout = ntLayoutOf(candidate)
    if (view.u32(address + layout.heap.Signature) !== HEAP_SIGNATURE) continue
    const storedLength = view.u16(address + layout.heap.HeaderValidateLength)
    const choice = { layout, verified: storedLength === layout.heapSize, storedLength }
    if (choice.verified && hasPlausibleCounters(view, address, layout)) return choice
    if (fallback === undefined || (choice.verified && !fallback.verified)) fallback = choice
  }
  return fallback
}

function hasPlausibleCounters(view: MemoryView, address: Address, layout: NtLayout): boolean {
  const counters = address + layout.heap.Counters
  const segments = view.u32(counters + layout.counters.TotalSegments)
  const reserved = view.word(counters + layout.counters.TotalMemoryReserved, layout.bits)
  return segments >= 1 && segments <= MAX_SEGMENTS && reserved % PAGE_BYTES === 0 && reserved >= view.u32(address + layout.segment.NumberOfPages) * PAGE_BYTES
}

/** The key of the heap's entries, and where it was found; doubts go to `findings`. */
export function readKey(view: MemoryView, address: Address, layout: NtLayout, findings: FindingList): { key: Uint8Array; source: NtHeap['keySource'] } {
  const mask = view.u32(address + layout.heap.EncodeFlagMask)
  if ((mask & ENCODED) === 0) return { key: new Uint8Array(8), source: 'none' }
  const stored = view.bytes(address + layout.heap.Encoding + layout.header, 8)
  const own = view.bytes(address + layout.header, 8)
  const firstEntry = view.pointer(address + layout.segment.FirstEntry, layout.bits)
  if (own === undefined) return { key: stored ?? new Uint8Array(8), source: 'stored' }
  if (stored !== undefined && hasChecksum(own, stored)) return { key: Uint8Array.from(stored), source: 'stored' }
  // The heap's own entry has a known plain text, so its bytes give the key.
  const derived = deriveKey(own, heapEntryBytes(firstEntry - address, layout.unit))
  if (chainLength(view, firstEntry, layout, derived) >= 8) {
    findings.add('key-derived', 'warning', 'The stored key does not decode the heap; a key derived from the heap’s own entry does.', { address: address + layout.heap.Encoding, raw: hexBytes(stored ?? new Uint8Array(0)), decoded: hexBytes(derived) })
    return { key: derived, source: 'derived' }
  }
  findings.add('heap-entry-damaged', 'damage', 'The entry of the heap itself does not decode.', { address, raw: hexBytes(own), ...(stored === undefined ? {} : { decoded: hexBytes(own.map((byte, i) => byte ^ stored[i]!)) }) })
  return { key: Uint8Array.from(stored ?? new Uint8Array(8)), source: 'stored' }
}

export function hasChecksum(raw: Uint8Array, key: Uint8Array): boolean {
  return (raw[0]! ^ key[0]! ^ raw[1]! ^ key[1]! ^ raw[2]! ^ key[2]! ^ raw[3]! ^ key[3]!) === 0
}

/** Entries from `address` on that decode one after another, at most 16. */
function chainLength(view: MemoryView, address: Address, layout: NtLayout, key: Uint8Array): number {
  let at = address
  for (let count = 0; count < 16; count++) {
    const raw = view.bytes(at + layout.header, 8)
    if (raw === undefined || !hasChecksum(raw, key)) return count
    const units = (raw[0]! ^ key[0]!) | ((raw[1]! ^ key[1]!) << 8)
    if (units === 0) return count
    at += units * layout.unit
  }
  return 16
}

function readSegments(view: MemoryView, heap: Address, layout: NtLayout, findings: FindingList): NtSegment[] {
  const head = heap + layout.heap.SegmentList
  const list = walkListBothWays(view, head, layout.bits, MAX_SEGMENTS)
  if (list.broken !== undefined) findings.add('segment-list-broken', 'damage', `The list of segments ends early: ${list.broken}.`, { address: list.at })
  const bases = list.nodes.map((node) => node - layout.segment.SegmentListEntry)
  // The heap is its own first segment, also when the list cannot be followed.
  if (!bases.includes(heap)) bases.unshift(heap)
  return bases.flatMap((base) => readSegment(view, base, heap, layout, findings) ?? [])
}

function readSegment(view: MemoryView, base: Address, heap: Address, layout: NtLayout, findings: FindingList): NtSegment | undefined {
  const { bits, segment } = layout
  const pages = view.u32(base + segment.NumberOfPages)
  const firstEntry = view.pointer(base + segment.FirstEntry, bits)
  const lastValidEntry = view.pointer(base + segment.LastValidEntry, bits)
  const reservedBytes = pages * PAGE_BYTES
  const belongs = view.u32(base + segment.SegmentSignature) === SEGMENT_SIGNATURE && view.pointer(base + segment.Heap, bits) === heap
  const orderly = base < firstEntry && firstEntry < lastValidEntry && lastValidEntry <= base + reservedBytes && (firstEntry - base) % layout.unit === 0
  if (!belongs || !orderly || base % PAGE_BYTES !== 0) {
    findings.add('segment-damaged', 'damage', `The segment at ${hex(base)} ${belongs ? 'has entries outside itself' : 'does not belong to the heap'}; it is not walked.`, { address: base })
    return undefined
  }
  return {
    base,
    firstEntry,
    lastValidEntry,
    reservedBytes,
    uncommittedPages: view.u32(base + segment.NumberOfUnCommittedPages),
    uncommittedRanges: view.u32(base + segment.NumberOfUnCommittedRanges),
    ucrs: readUcrs(view, base, lastValidEntry, layout, findings),
  }
}

function readUcrs(view: MemoryView, base: Address, end: Address, layout: NtLayout, findings: FindingList): Ucr[] {
  const { bits, ucr } = layout
  const list = walkListBothWays(view, base + layout.segment.UCRSegmentList, bits, MAX_UCRS)
  if (list.broken !== undefined) findings.add('ucr-list-broken', 'damage', `The list of uncommitted ranges of the segment at ${hex(base)} ends early: ${list.broken}.`, { address: list.at })
  const ucrs: Ucr[] = []
  for (const node of list.nodes) {
    const descriptor = node - ucr.SegmentEntry
    const address = view.pointer(descriptor + ucr.Address, bits)
    const size = view.word(descriptor + ucr.Size, bits)
    if (address > base && size >= 0 && address + size <= end && address % PAGE_BYTES === 0 && size % PAGE_BYTES === 0) ucrs.push({ address, size, descriptor })
    else findings.add('ucr-damaged', 'damage', `The uncommitted range ${hex(address)} + ${hex(size)} does not lie in its segment at ${hex(base)}.`, { address: descriptor })
  }
  ucrs.sort((a, b) => a.address - b.address)
  return ucrs.filter((range, i) => {
    const sound = i === 0 || ucrs[i - 1]!.address + ucrs[i - 1]!.size <= range.address
    if (!sound) findings.add('ucr-overlap', 'damage', `Two uncommitted ranges overlap at ${hex(range.address)}.`, { address: range.descriptor })
    return sound
  })
}

function readVirtualBlocks(view: MemoryView, heap: Address, layout: NtLayout, key: Uint8Array, findings: FindingList): NtVirtualBlock[] {
  const { bits, virtualAlloc } = layout
  const list = walkListBothWays(view, heap + layout.heap.VirtualAllocdBlocks, bits, MAX_VIRTUAL_BLOCKS)
  if (list.broken !== undefined) findings.add('virtual-list-broken', 'damage', `The list of blocks with own reservations ends early: ${list.broken}.`, { address: list.at })
  return list.nodes.flatMap((address) => {
    const commitBytes = view.word(address + virtualAlloc.CommitSize, bits)
    const reserveBytes = view.word(address + virtualAlloc.ReserveSize, bits)
    const sound = address % PAGE_BYTES === 0 && commitBytes >= layout.virtualAllocSize && commitBytes <= reserveBytes && reserveBytes % PAGE_BYTES === 0
    if (!sound) {
      findings.add('virtual-block-damaged', 'damage', `The block with its own reservation at ${hex(address)} claims ${commitBytes} of ${reserveBytes} bytes.`, { address })
      return []
    }
    const raw = view.bytes(address + virtualAlloc.BusyBlock + layout.header, 8)
    if (raw === undefined || !hasChecksum(raw, key)) {
      findings.add('checksum', 'damage', `The entry of the block with its own reservation at ${hex(address)} does not decode.`, { address: address + virtualAlloc.BusyBlock, ...(raw === undefined ? {} : { raw: hexBytes(raw) }) })
      return [{ address, commitBytes, reserveBytes, requested: NaN }]
    }
    // Here alone the size field counts bytes: those of the commitment that nobody asked for.
    const unused = (raw[0]! ^ key[0]!) | ((raw[1]! ^ key[1]!) << 8)
    return [{ address, commitBytes, reserveBytes, requested: unused <= commitBytes ? commitBytes - unused : NaN }]
  })
}

/** Size lookups are chained; a real chain has two. */
const MAX_LOOKUPS = 16
const TABLE_MEMBERS = ['FrontEndHeap', 'FrontEndHeapUsageData', 'TagEntries', 'PseudoTagEntries', 'UCRIndex'] as const

function readStructures(view: MemoryView, heap: Address, { layout, bits }: NtLayout): Address[] {
  const tables = TABLE_MEMBERS.flatMap((member) => {
    const offset = layout.optionalOffset('HEAP', member)
    return offset === undefined ? [] : [view.pointer(heap + offset, bits)]
  })
  let lookup = view.pointer(heap + layout.offset('HEAP', 'BlocksIndex'), bits)
  for (let i = 0; i < MAX_LOOKUPS && lookup > 0; i++) {
    tables.push(lookup)
    lookup = view.pointer(lookup + layout.offset('HEAP_LIST_LOOKUP', 'ExtendedLookup'), bits)
  }
  return tables.filter((address) => address > 0)
}

function readFreeLists(view: MemoryView, heap: Address, layout: NtLayout, findings: FindingList): NumberMap {
  const nodes = new NumberMap()
  const head = heap + layout.heap.FreeLists
  const { bits, word } = layout
  let previous = head
  let node = view.pointer(head, bits)
  for (; node !== head; node = view.pointer(node, bits)) {
    const problem = !(node > 0) ? 'unreadable' : nodes.get(node) !== -1 ? 'cycle' : nodes.size === MAX_FREE_BLOCKS ? 'too long' : view.pointer(node + word, bits) !== previous ? 'backward link differs' : undefined
    if (problem !== undefined) {
      findings.add('free-list-broken', 'damage', `The free list ends early after ${nodes.size} blocks: ${problem}.`, { address: node > 0 ? node : previous, lastGood: previous })
      readFreeListBack(view, head, layout, nodes)
      break
    }
    nodes.set(node, 0)
    previous = node
  }
  return nodes
}

/** The rest of a list that ended early, by its links back. */
function readFreeListBack(view: MemoryView, head: Address, { bits, word }: NtLayout, nodes: NumberMap): void {
  for (let node = view.pointer(head + word, bits); node > 0 && node !== head && nodes.get(node) === -1 && nodes.size < MAX_FREE_BLOCKS; node = view.pointer(node + word, bits)) {
    if (Number.isNaN(view.pointer(node, bits))) return
    nodes.set(node, 0)
  }
}
