import type { LogState } from './log-state'

/*
 * !heap -stat, hexadecimal:
 *
 *   _HEAP 00310000                            heap @ 00310000
 *        Segments            00000003         group-by: TOTSIZE max-display: 20
 *            Reserved  bytes 6aac0000             size     #blocks     total     ( %) (percent of total busy bytes)
 *            Committed bytes 65e44000             10000 6228 - 62280000  (97.11)
 *        VirtAllocBlocks     00000001
 *            VirtAlloc bytes 035b0000
 */
const HEAP = /^\s*(?:_HEAP|heap @) ([0-9a-f`]{5,17})\s*$/i
const FIGURE = /^\s*(Segments|Reserved\s+bytes|Committed\s+bytes|VirtAllocBlocks|VirtAlloc\s+bytes)\s+([0-9a-f]+)\s*$/i
const SIZE_ROW = /^\s*([0-9a-f]+) ([0-9a-f]+) - ([0-9a-f]+)\s+\(\s*([\d.]+)\)\s*$/i
const KNOWN_WORDS = /^\s*(?:group-by: |size\s+#blocks|LFH Key|Termination on corruption)/i

export function readStatisticsLine(text: string, log: LogState): boolean {
  const heap = HEAP.exec(text)
  if (heap !== null) {
    log.heapAt(log.address(heap[1]!))
    log.section = 'stat'
    return true
  }
  return (log.heap !== undefined && (readFigure(text, log) || readSize(text, log))) || KNOWN_WORDS.test(text)
}

function readFigure(text: string, { heap }: LogState): boolean {
  const match = FIGURE.exec(text)
  if (match === null) return false
  const value = Number.parseInt(match[2]!, 16)
  const name = match[1]!.toLowerCase()
  if (name.startsWith('reserved')) heap!.state('reservedBytes', value)
  else if (name.startsWith('committed')) heap!.state('committedBytes', value)
  else if (name === 'virtallocblocks') heap!.state('virtualAllocBlocks', value)
  return true
}

function readSize(text: string, log: LogState): boolean {
  const match = log.section === 'stat' ? SIZE_ROW.exec(text) : null
  if (match === null) return false
  const [sizeBytes, blocks, totalBytes] = match.slice(1, 4).map((digits) => Number.parseInt(digits, 16)) as [number, number, number]
  const { sizes } = log.heap!
  if (sizeBytes * blocks !== totalBytes) log.heap!.find('size-total', 'warning', `${blocks} blocks of ${sizeBytes} bytes are stated to have ${totalBytes} bytes, not ${sizeBytes * blocks}.`)
  const same = sizes.findIndex((size) => size.sizeBytes === sizeBytes)
  if (same >= 0) sizes[same] = { sizeBytes, blocks, totalBytes }
  else sizes.push({ sizeBytes, blocks, totalBytes })
  return true
}
