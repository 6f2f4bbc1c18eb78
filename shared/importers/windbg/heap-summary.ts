import { wholePercent } from '../../base/whole-percent'
import type { LogState } from './log-state'

/*
 * !heap -s, sizes in KiB:
 *
 *     Heap     Flags   Reserv  Commit  Virt   Free  List   UCR  Virt  Lock  Fast
 *                       (k)     (k)    (k)     (k) length      blocks cont. heap
 *   Virtual block: 09630000 - 09630000 (size 00000000)              stands before the row of its heap
 *   09d50000 00001002   31616  21064  31616   7362   175    13    5      1   LFH
 *       External fragmentation  34 % (175 free blocks)              stands behind it
 *
 * The lock column is left alone: its base differs between versions.
 */
const NT_ROW = /^\s*([0-9a-f`]{8,17})\s+([0-9a-f]{8})\s+(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+(?:[0-9a-f]+|N\/A)\s*(LFH|LAL|L)?\s*$/i
/** Address, signature, flags, index in the process's list, reserved and committed KiB. */
const SIGNED_ROW = /^\s*([0-9a-f`]{8,17})\s+(ddeeddee|eeffeeff|ffeeffee)\s+([0-9a-f]+)\s+(\d+)\s+(\d+)\s+(\d+)\s*$/i
const FRAGMENTATION = /^\s*(External|Virtual address) fragmentation\s+(\d+) % \((\d+) /
const VIRTUAL_BLOCK = /^\s*Virtual block: ([0-9a-f`]+) - [0-9a-f`]+ \(size ([0-9a-f`]+)\)/i
/** Headings of both tables and of the figures between. */
const KNOWN_WORDS = /^\s*(?:Heap\s+Flags\s+Reserv|\(k\)\s+\(k\)|Process\s+Total|Global\s+Heap\s+Reserved|Heap\s+Address\s+Signature|Index\s+\(K\)|Lock contention\s)/i
const KIB = 1024

export function readSummaryLine(text: string, log: LogState): boolean {
  return readNtRow(text, log) || readSignedRow(text, log) || readFragmentation(text, log) || readVirtualBlock(text, log) || KNOWN_WORDS.test(text)
}

function readNtRow(text: string, log: LogState): boolean {
  const match = NT_ROW.exec(text)
  if (match === null) return false
  const heap = log.heapAt(log.address(match[1]!))
  const [reserved, committed, virtual, free, listLength, ranges, virtualBlocks] = match.slice(3, 10).map(Number) as [number, number, number, number, number, number, number]
  heap.flags = Number.parseInt(match[2]!, 16)
  heap.isSummarised = true
  heap.frontEnd = match[10] === undefined ? 'none' : match[10].toUpperCase() === 'LFH' ? 'lfh' : 'look-aside'
  heap.state('reservedBytes', reserved * KIB)
  heap.state('committedBytes', committed * KIB)
  heap.state('virtualBytes', virtual * KIB)
  // A listing has told the bytes themselves.
  if (heap.granularity === undefined) heap.state('freeBytes', free * KIB)
  heap.state('freeBlocks', listLength)
  heap.state('uncommittedRanges', ranges)
  heap.state('virtualAllocBlocks', virtualBlocks)
  if (log.virtualBlocks > 0) heap.check('virtual blocks', virtualBlocks, log.virtualBlocks)
  log.virtualBlocks = 0
  return true
}

function readSignedRow(text: string, log: LogState): boolean {
  const match = SIGNED_ROW.exec(text)
  if (match === null) return false
  const heap = log.heapAt(log.address(match[1]!))
  heap.flavour = match[2]!.toLowerCase() === 'ddeeddee' ? 'segment-heap' : 'nt-heap'
  heap.flags = Number.parseInt(match[3]!, 16)
  heap.state('reservedBytes', Number(match[5]) * KIB)
  heap.state('committedBytes', Number(match[6]) * KIB)
  return true
}

/** Printed for a heap that is in a bad way; recomputed from its own row. */
function readFragmentation(text: string, { heap }: LogState): boolean {
  const match = FRAGMENTATION.exec(text)
  if (match === null || heap === undefined) return false
  const { committedBytes = 0, reservedBytes = 0, freeBytes = 0, freeBlocks, uncommittedRanges } = heap.stated
  const [percent, count] = [Number(match[2]), Number(match[3])]
  if (match[1] === 'External') {
    heap.state('externalFragmentationPercent', percent)
    if (committedBytes > 0) heap.check('external fragmentation percent', percent, wholePercent(freeBytes, committedBytes))
    if (freeBlocks !== undefined) heap.check('free blocks of the fragmentation line', count, freeBlocks)
  } else {
    heap.state('virtualFragmentationPercent', percent)
    if (reservedBytes > 0) heap.check('virtual fragmentation percent', percent, wholePercent(reservedBytes - committedBytes, reservedBytes))
    if (uncommittedRanges !== undefined) heap.check('uncommitted ranges of the fragmentation line', count, uncommittedRanges)
  }
  return true
}

function readVirtualBlock(text: string, log: LogState): boolean {
  const match = VIRTUAL_BLOCK.exec(text)
  if (match === null) return false
  log.address(match[1]!)
  log.virtualBlocks++
  return true
}
