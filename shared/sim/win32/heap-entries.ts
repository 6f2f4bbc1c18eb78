import { BlockKind, BlockState } from '../../model/snapshot'
import type { HeapPart, HeapPiece } from '../heap-bytes/heap-parts'
import { TypeByte } from '../heaps/kath-nt31/handle-table'
import { EntryFlag } from './constants'
import type { HeapRecord, ProcessCore } from './process-core'
import type { HeapEntry } from './process-types'

/** Every entry of a heap in order of address: per reservation the region, its blocks, what the heap keeps for itself, and what is not committed. */
export function heapEntries(core: ProcessCore, record: HeapRecord): HeapEntry[] {
  const entries: HeapEntry[] = []
  const parts = record.heap.parts().map((part, region) => ({ part, region }))
  for (const { part, region } of parts.sort((a, b) => a.part.base - b.part.base)) {
    entries.push(regionEntry(part, region))
    for (const piece of part.pieces) entries.push(pieceEntry(core, record, piece, region))
  }
  return entries
}

/**
 * As HeapWalk tells them: nothing of the heap's own structures. Free slots of the front end are free entries; blocks of
 * look-aside lists are busy ones, as they are for the heap behind the lists.
 */
export function reportedEntries(core: ProcessCore, record: HeapRecord): HeapEntry[] {
  const hidden = new Set<number>()
  record.heap.parts().forEach((part, region) => {
    if (part.isHidden) hidden.add(region)
  })
  return heapEntries(core, record).filter(({ kind, region }) => kind !== 'internal' && !hidden.has(region))
}

const regionEntry = ({ base, bytes }: HeapPart, region: number): HeapEntry => ({
  kind: 'region',
  inside: BlockKind.HeapStructure,
  data: base,
  bytes,
  address: base,
  consumedBytes: bytes,
  region,
  flags: EntryFlag.PROCESS_HEAP_REGION,
  handle: 0,
})

const KINDS = ['busy', 'free', 'cached', 'internal', 'uncommitted'] as const satisfies readonly HeapEntry['kind'][]

function pieceEntry(core: ProcessCore, { heap }: HeapRecord, piece: HeapPiece, region: number): HeapEntry {
  const { address, bytes: consumedBytes, state, kind: inside, headerBytes, block } = piece
  const kind = KINDS[state]
  const handle = block === 0 ? 0 : heap.handleOf(block)
  const bytes = state === BlockState.Busy ? heap.requestedOf(block) : consumedBytes - headerBytes
  return { kind, inside, data: address + headerBytes, bytes, address, consumedBytes, region, flags: flagsOf(core, piece, handle), handle }
}

function flagsOf({ table }: ProcessCore, { state, kind }: HeapPiece, handle: number): number {
  if (state === BlockState.Uncommitted) return EntryFlag.PROCESS_HEAP_UNCOMMITTED_RANGE
  if (kind === BlockKind.LookAside) return EntryFlag.PROCESS_HEAP_ENTRY_BUSY
  if (state !== BlockState.Busy) return 0
  if (handle === 0) return EntryFlag.PROCESS_HEAP_ENTRY_BUSY
  const isShared = (table.typeOf(table.find(handle)) & (TypeByte.Shared << 8)) !== 0
  return EntryFlag.PROCESS_HEAP_ENTRY_BUSY | EntryFlag.PROCESS_HEAP_ENTRY_MOVEABLE | (isShared ? EntryFlag.PROCESS_HEAP_ENTRY_DDESHARE : 0)
}
