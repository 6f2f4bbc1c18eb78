import { CONFIDENCES } from '../../model/confidence'
import { BlockKind, BlockState } from '../../model/snapshot'
import { UNKNOWN_SIZE } from '../../base/units'
import type { LogState } from './log-state'

/*
 * !heap -a, -h, -hl, -f, -v: one heap after the other, hexadecimal bytes.
 *
 *   Index   Address  Name      Debugging options enabled
 *     1:   00250000
 *       Segment at 00250000 to 00350000 (00056000 bytes committed)
 *       Total Free Size:     000003be                                granules
 *       FreeList[ 02 ] at 002500c8: 0025cb30 . 002527b8              the same free blocks once more
 *   002527b0: 00058 . 00010 [04] - free
 *       Segment00 at 00250b90:
 *       Heap entries for Segment00 in Heap 250000
 *   00250bc8: 00038 . 00040 [07] - busy (24), tail fill              address: size before . size [flags], requested
 *   002a6000:      000aa000      - uncommitted bytes.
 *       LFH data region at 0000018ca3f23220 (subsegment 0000018ca3f23a50):
 *           0000018ca3f23260: 00040 - free
 */
const ENTRY = /^\s*([0-9a-f`]{5,17}): ([0-9a-f]+) \. ([0-9a-f]+) \[([0-9a-f]{1,3})\](.*)$/i
const REQUESTED = /busy \(([0-9a-f]+)\)/i
const UNCOMMITTED = /^\s*([0-9a-f`]{5,17}):\s+([0-9a-f]+)\s+- uncommitted bytes/i
const SLOT = /^\s*([0-9a-f`]{5,17}): ([0-9a-f]+) - (free|busy)(?: \(([0-9a-f]+)\))?/i
const HEAP_ROW = /^\s*\d{1,4}:\s+([0-9a-f`]{5,17})\s*(NT Heap|Segment Heap)?\s*$/i
const SEGMENT_AT = /^\s*Segment at ([0-9a-f`]+) to ([0-9a-f`]+) \(([0-9a-f]+) bytes committed\)/i
const ENTRIES_OF = /^\s*Heap entries for Segment\d+ in Heap ([0-9a-f`]+)/i
const NAMED = /^\s*(Flags|Granularity|Total Free Size):\s+([0-9a-f]+)/i
const FREE_LIST = /^\s*FreeList\[ [0-9a-f]+ \] at /i
const SEGMENT_HEAD = /^\s*Segment\d+ at [0-9a-f`]+:/i
const LFH_REGION = /^\s*LFH data region at /i
/** Headings, legends and figures that are of no use here. */
const KNOWN_WORDS = /^\s*(?:Index\s+Address|ForceFlags|Segment Reserve|Segment Commit|DeCommit|Max\. Allocation|Lock Variable|Next TagIndex|Maximum TagIndex|Tag Entries|PsuedoTag|Virtual Alloc List|UCR FreeList|Uncommitted ranges|UnCommitted Ranges|128-bit bitmap|FreeList Usage|Free\s+Free$|List\s+List$|#\s+Head|0x[0-9a-f]{2} - HEAP_|Entry\s+Prev|Address\s+Size|address: psize|Base:|First Entry|Last Entry|Total Pages|Total UnCommit|Largest UnCommit)/i
const UNCOMMITTED_RANGE = /^\s*[0-9a-f`]{5,17}: [0-9a-f]+(?:\s+\(\d+ bytes\))?\s*$/i

const INFERRED = CONFIDENCES.indexOf('inferred')
const BUSY = 0x01

const hex = (text: string): number => Number.parseInt(text.replace('`', ''), 16)

export function readListingLine(text: string, log: LogState): boolean {
  // Rows of blocks come by the million, everything else by the dozen.
  if (log.section === 'entries' || log.section === 'free-lists' || log.section === 'slots') {
    if (readEntry(text, log) || readSlot(text, log) || readUncommitted(text, log)) return true
  }
  return readHeapHead(text, log) || (log.heap !== undefined && (readSegments(text, log) || readNamed(text, log))) || isKnownWords(text, log)
}

function readEntry(text: string, log: LogState): boolean {
  const match = ENTRY.exec(text)
  const heap = log.heap
  if (match === null || heap === undefined) return false
  const [address, before, size, flags] = [log.address(match[1]!), hex(match[2]!), hex(match[3]!), hex(match[4]!)]
  if (!(address >= 0) || size === 0) {
    log.note.unreadable.hit(log.line)
    return true
  }
  if (log.section === 'free-lists') {
    heap.freeList.blocks++
    heap.freeList.bytes += size
    return true
  }
  log.section = 'entries'
  const last = log.lastEntry
  if (last?.end === address && last.size !== before) {
    heap.find('previous-size', 'damage', `The entry at 0x${address.toString(16)} states that its predecessor has ${before} bytes; it has ${last.size}.`, address)
  }
  log.lastEntry = { end: address + size, size }
  const isBusy = (flags & BUSY) !== 0
  const rest = match[5]!
  if (address === heap.base || heap.segments.has(address)) log.blocks.push(heap.index, address, size, 0, BlockState.Internal, BlockKind.HeapStructure, INFERRED)
  else if (isBusy && /\bInternal\b/i.test(rest)) log.blocks.push(heap.index, address, size, 0, BlockState.Internal, BlockKind.LfhContainer, INFERRED)
  else if (isBusy) log.blocks.push(heap.index, address, size, requestedOf(REQUESTED.exec(rest)?.[1], size, log), BlockState.Busy, BlockKind.BackEnd, INFERRED)
  else log.blocks.push(heap.index, address, size, 0, BlockState.Free, BlockKind.BackEnd, INFERRED)
  return true
}

/** Entries of old debuggers print the whole entry where it holds no count of unused bytes: that is no request. */
function requestedOf(text: string | undefined, size: number, log: LogState): number {
  const requested = text === undefined ? UNKNOWN_SIZE : hex(text)
  return requested + log.headerBytes() > size ? UNKNOWN_SIZE : requested
}

function readSlot(text: string, log: LogState): boolean {
  const match = log.section === 'slots' ? SLOT.exec(text) : null
  if (match === null || log.heap === undefined) return false
  const [address, size] = [log.address(match[1]!), hex(match[2]!)]
  if (!(address >= 0) || size === 0) log.note.unreadable.hit(log.line)
  else {
    const isBusy = match[3]!.toLowerCase() === 'busy'
    log.blocks.push(log.heap.index, address, size, isBusy ? requestedOf(match[4], size, log) : 0, isBusy ? BlockState.Busy : BlockState.Free, BlockKind.LfhSlot, INFERRED)
  }
  return true
}

function readUncommitted(text: string, log: LogState): boolean {
  const match = UNCOMMITTED.exec(text)
  if (match === null || log.heap === undefined) return false
  const [address, size] = [log.address(match[1]!), hex(match[2]!)]
  if (!(address >= 0) || size === 0) log.note.unreadable.hit(log.line)
  else log.blocks.push(log.heap.index, address, size, 0, BlockState.Uncommitted, BlockKind.Uncommitted, INFERRED)
  log.lastEntry = undefined
  return true
}

function readHeapHead(text: string, log: LogState): boolean {
  const match = HEAP_ROW.exec(text)
  if (match === null) return false
  const heap = log.heapAt(log.address(match[1]!))
  if (match[2]?.toLowerCase() === 'segment heap') heap.flavour = 'segment-heap'
  log.section = 'heap'
  return true
}

function readSegments(text: string, log: LogState): boolean {
  const segment = SEGMENT_AT.exec(text)
  if (segment !== null) {
    const [base, end] = [log.address(segment[1]!), log.address(segment[2]!)]
    if (end > base) log.heap!.segments.set(base, { end, committedBytes: hex(segment[3]!) })
    else log.note.unreadable.hit(log.line)
    return true
  }
  const entries = ENTRIES_OF.exec(text)
  if (entries !== null) {
    log.heapAt(log.address(entries[1]!))
    log.section = 'entries'
    log.lastEntry = undefined
    return true
  }
  if (FREE_LIST.test(text)) log.section = 'free-lists'
  else if (SEGMENT_HEAD.test(text)) log.section = 'segment'
  else if (LFH_REGION.test(text)) log.section = 'slots'
  else return false
  return true
}

function readNamed(text: string, log: LogState): boolean {
  const match = NAMED.exec(text)
  const heap = log.heap!
  if (match === null) return false
  // Segments print a line of flags, too.
  if (log.section !== 'heap') return true
  const name = match[1]!.toLowerCase()
  if (name === 'flags') heap.flags = hex(match[2]!)
  else if (name === 'granularity') heap.granularity = Number(match[2])
  // A summary before it told the same in KiB; bytes are better.
  else heap.stated.freeBytes = hex(match[2]!) * log.granule()
  return true
}

const isKnownWords = (text: string, log: LogState): boolean => KNOWN_WORDS.test(text) || (log.section !== 'none' && UNCOMMITTED_RANGE.test(text))
