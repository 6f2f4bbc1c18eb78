import { PAGE_BYTES } from '../base/units'
import { BlockKind, BlockState } from '../model/snapshot'
import type { HeapPlace } from './discovery'
import { FindingList } from './finding-list'
import { type HeapWalk, LAYOUT_UNKNOWN } from './heap-walk'
import type { MemoryView } from './memory-view'
import { Trust, WalkedBlocks } from './walked-blocks'

/** A heap whose signature was found and that no known layout fits: its first page, as one opaque block. */
export function opaqueWalk(view: MemoryView, { address, bits, flavour }: HeapPlace): HeapWalk {
  const findings = new FindingList()
  findings.add(LAYOUT_UNKNOWN, 'warning', 'The signature of a heap stands here, but no known layout fits what follows; its blocks cannot be told.', { address })
  const blocks = new WalkedBlocks()
  blocks.push(address, PAGE_BYTES, 0, BlockState.Internal, BlockKind.Opaque, Trust.Opaque)
  const isThere = view.bytes(address, 1) !== undefined && address % PAGE_BYTES === 0
  return {
    segments: isThere ? [{ base: address, reservedBytes: PAGE_BYTES, firstRow: 0, endRow: 1 }] : [],
    blocks,
    headerBytes: 0,
    granularity: bits === 64 ? 16 : 8,
    findings,
    isInferred: true,
    report: {
      address,
      flavour,
      bits,
      layout: 'unknown',
      flags: { value: 0, names: [] },
      frontEnd: 'unknown',
      segments: 0,
      reservedBytes: 0,
      committedBytes: 0,
      backEnd: { busyBlocks: 0, busyBytes: 0, freeBlocks: 0, freeBytes: 0 },
      userBlocks: 0,
      userBytes: 0,
      uncommittedRanges: 0,
      virtualAllocBlocks: 0,
      lfh: { subSegments: 0, busyBlocks: 0, freeBlocks: 0 },
      counters: [],
    },
  }
}
