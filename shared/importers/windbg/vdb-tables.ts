import type { LogState } from './log-state'

/*
 * The heaps command of vdb (vivisect):
 *
 *   Heap            Segment                                Heap       SubSeg     UserData  Index  Size   Total  Free
 *   0x003c0000      0x033b0000      HEAP_GROWABLE   LFH    0x3c0000   0x426618   0x45dfa0  0x1    0x10   0x3e   0x6
 */
const SEGMENT = /^(0x[0-9a-f]+)\s+(0x[0-9a-f]+)((?:\s+HEAP_\w+)*)(\s+LFH)?\s*$/i
const BUCKET = /^(0x[0-9a-f]+)\s+0x[0-9a-f]+\s+0x[0-9a-f]+\s+0x[0-9a-f]+\s+(0x[0-9a-f]+)\s+(0x[0-9a-f]+)\s+(0x[0-9a-f]+)\s*$/i
const HEADINGS = /^Heap\s+(?:Segment|SubSeg)\s*/

export function readVdbLine(text: string, log: LogState): boolean {
  const segment = SEGMENT.exec(text)
  if (segment !== null) {
    const heap = log.heapAt(Number(segment[1]))
    heap.frontEnd = segment[4] === undefined ? 'none' : 'lfh'
    log.note.otherTool.hit(log.line)
    return true
  }
  const bucket = BUCKET.exec(text)
  if (bucket === null) return HEADINGS.test(text)
  const [sizeBytes, total, free] = [Number(bucket[2]), Number(bucket[3]), Number(bucket[4])]
  const heap = log.heapAt(Number(bucket[1]))
  if (free > total) log.note.unreadable.hit(log.line)
  else heap.sizes.push({ sizeBytes, blocks: total - free, totalBytes: sizeBytes * (total - free) })
  return true
}
