import { UNKNOWN_SIZE } from '../../base/units'
import { CONFIDENCES } from '../../model/confidence'
import { BlockKind, BlockState } from '../../model/snapshot'
import type { LogState } from './log-state'

/*
 * !heap -flt, -p -a, -p -h, -srch, -x and page heap:
 *
 *     _HEAP @ 310000
 *       HEAP_ENTRY Size Prev Flags    UserPtr UserSize - state
 *         0c24afe0 2001 0000  [00]   0c24afe8    10000 - (busy)          sizes in granules of 8 or 16 bytes; user size in bytes
 *           ? TAVE!std::_Init_locks::operator=+157e4                     what the block's first word points at: no call site
 *           77a42b10 ntdll!RtlAllocateHeap+0x00000274                    a frame of the stack that asked for it
 *     _DPH_HEAP_ROOT @ 4fd1000
 *     in busy allocation (  DPH_HEAP_BLOCK:  UserAddr  UserSize -  VirtAddr  VirtSize)
 *                                 5f32d44:    5ad9ff8         8 -   5ad9000      2000
 */
const ROW = /^\s*([0-9a-f`]{5,17}):? +([0-9a-f]{4,8}) +:? ?([0-9a-f]{4,8}) +\[([0-9a-f]{2,3})\] +(?:- )?([0-9a-f`]{5,17}) +\(?([0-9a-f]{4,16})\)? +- +\((\w+)/i
const SEARCH_ROW = /^\s*([0-9a-f`]{5,17}): ([0-9a-f]{4,8}) : ([0-9a-f]{4,8}) \[([0-9a-f]{2,3})\] - ([0-9a-f`]{5,17}) \(([0-9a-f]{4,16})\) - \((\w+)/i
const PAGE_HEAP_ROW = /^\s*[0-9a-f`]{5,17}:\s+([0-9a-f`]{5,17})\s+([0-9a-f]+)\s+-\s+([0-9a-f`]{5,17})\s+([0-9a-f]+)\s*$/i
const FREED_PAGE_HEAP_ROW = /^\s*[0-9a-f`]{5,17}:\s+([0-9a-f`]{5,17})\s+([0-9a-f]+)\s*$/i
const HEAP = /^\s*(_HEAP|_DPH_HEAP_ROOT) @ ([0-9a-f`]+)/i
const KNOWN_WORDS = /^\s*(?:address [0-9a-f`]+ found in|in HEAP_ENTRY:|HEAP_ENTRY\s+Size|in (?:busy|free-ed) allocation|Trace: |Searching the heap|Active GlobalFlag|StackTraceDataBase|PageHeap enabled|active heaps|[A-Z_ ]+_TRACES|HEAP_[A-Z_ ]+$)/i
const FRAME = /^\s+[0-9a-f`]{7,17} ([\w.]+!\S.*)$/i
/** What the first word of a block points at, where a search found it: its type perhaps, no call site. */
const CONTENT = /^\s+(?:\? )?[\w.]+!\S/
/** `+ 4fd0000`, `- 50d0000`, `NormalHeap - 50d0000` under !heap -p. */
const LISTED_HEAP = /^\s*(?:NormalHeap )?[+-] ([0-9a-f`]{5,17})\s*$/i

const INFERRED = CONFIDENCES.indexOf('inferred')
const PAGE_BYTES = 4096
const hex = (text: string): number => Number.parseInt(text.replace('`', ''), 16)

interface PendingBlock {
  readonly heap: number
  readonly address: number
  readonly size: number
  readonly requested: number
  readonly state: BlockState
  readonly kind: BlockKind
}

/** Reads rows of picked blocks; a block is put down once the frames behind it are known. */
export class FilterReader {
  readonly #log: LogState
  #pending: PendingBlock | undefined
  readonly #frames: string[] = []
  #isFreed = false

  constructor(log: LogState) {
    this.#log = log
  }

  read(text: string): boolean {
    const log = this.#log
    const heap = HEAP.exec(text)
    if (heap !== null) {
      this.flush()
      const draft = log.heapAt(log.address(heap[2]!))
      if (heap[1] === '_DPH_HEAP_ROOT') draft.flavour = 'page-heap'
      log.section = 'filter'
      return true
    }
    if (log.heap !== undefined && (this.#readRow(text, log) || this.#readPageHeapRow(text, log))) return true
    return this.#readWords(text, log)
  }

  /** Puts down the block that waits for more frames. */
  flush(): void {
    const block = this.#pending
    if (block === undefined) return
    const site = this.#frames.length === 0 ? -1 : this.#log.sites.of(this.#frames.join(' < '))
    this.#log.blocks.push(block.heap, block.address, block.size, block.requested, block.state, block.kind, INFERRED, site)
    this.#pending = undefined
    this.#frames.length = 0
  }

  #readRow(text: string, log: LogState): boolean {
    const match = SEARCH_ROW.exec(text) ?? ROW.exec(text)
    if (match === null) return false
    this.flush()
    const [address, user] = [log.address(match[1]!), log.address(match[5]!)]
    const size = hex(match[2]!) * log.granule()
    const isBusy = match[7]!.toLowerCase() === 'busy'
    const requested = hex(match[6]!)
    // The search prints the user size of a block without one as everything behind the header.
    if (!(address >= 0) || size === 0 || user < address) log.note.unreadable.hit(log.line)
    else this.#pending = { heap: log.heap!.index, address, size, requested: !isBusy ? 0 : requested + Math.max(user - address, log.headerBytes()) > size ? UNKNOWN_SIZE : requested, state: isBusy ? BlockState.Busy : BlockState.Free, kind: BlockKind.BackEnd }
    return true
  }

  #readPageHeapRow(text: string, log: LogState): boolean {
    if (log.section !== 'page-heap') return false
    const match = PAGE_HEAP_ROW.exec(text)
    const freed = match === null && this.#isFreed ? FREED_PAGE_HEAP_ROW.exec(text) : null
    if (match === null && freed === null) return false
    this.flush()
    const [address, size] = [log.address((match?.[3] ?? freed![1])!), hex((match?.[4] ?? freed![2])!)]
    const requested = match === null ? 0 : hex(match[2]!)
    if (!(address >= 0) || size === 0) log.note.unreadable.hit(log.line)
    else this.#pending = { heap: log.heap!.index, address, size, requested: this.#isFreed ? 0 : requested + log.headerBytes() > size ? UNKNOWN_SIZE : requested, state: this.#isFreed ? BlockState.Free : BlockState.Busy, kind: size % PAGE_BYTES === 0 ? BlockKind.VirtualAlloc : BlockKind.BackEnd }
    return true
  }

  #readWords(text: string, log: LogState): boolean {
    if (/^\s*in (busy|free-ed) allocation/i.test(text)) {
      this.#isFreed = /free-ed/i.test(text)
      log.section = 'page-heap'
      return true
    }
    const frame = this.#pending?.state !== BlockState.Busy ? null : FRAME.exec(text)
    if (frame !== null) {
      this.#frames.push(frame[1]!.trim())
      return true
    }
    const listed = LISTED_HEAP.exec(text)
    if (listed !== null) log.heapAt(log.address(listed[1]!))
    return listed !== null || KNOWN_WORDS.test(text) || (this.#log.heap !== undefined && CONTENT.test(text))
  }
}
