import type { ByteSource } from '../../base/byte-source'
import { HeapscapeError } from '../../base/errors'

export interface RepHeader {
  readonly ids: number
  readonly operations: number
  /** Where the operations begin, in bytes. */
  readonly endOffset: number
  /** Line feeds before that. */
  readonly lines: number
}

const HEADER_BYTES = 4096
const HEADER_NUMBERS = 4
const MAX_COUNT = 0xfffffffe

/**
 * Reads the four numbers at the start. The first and the last are a heap size and a weight in either order; neither
 * changes the trace, so only the two in the middle are used.
 */
export function readRepHeader(source: ByteSource): RepHeader {
  const head = source.read(0, HEADER_BYTES)
  const numbers: number[] = []
  let at = 0
  let lines = 0
  for (; at < head.length; at++) {
    const byte = head[at]!
    if (byte === 10) lines++
    if (isSpace(byte)) continue
    if (numbers.length === HEADER_NUMBERS) break
    const start = at
    while (at < head.length && head[at]! >= 48 && head[at]! <= 57) at++
    const value = Number(latin1(head.subarray(start, at)))
    const ended = at >= head.length || isSpace(head[at]!)
    if (start === at || !ended || value > MAX_COUNT) {
      throw new HeapscapeError('format-malformed', { expected: 'a header of 4 numbers', got: 'something else' }, { line: lines + 1 })
    }
    numbers.push(value)
    at--
  }
  if (numbers.length < HEADER_NUMBERS) {
    throw new HeapscapeError('format-truncated', { expected: 'a header of 4 numbers', got: numbers.length }, { offset: head.length })
  }
  return { ids: numbers[1]!, operations: numbers[2]!, endOffset: at, lines }
}

/** Four numbers on lines of their own, then the first operation. */
export function looksLikeRep(head: Uint8Array): boolean {
  return /^\s*\d+\s*\n\s*\d+\s*\n\s*\d+\s*\n\s*\d+\s*\n\s*[afr][ \t]+-?\d/.test(latin1(head))
}

function isSpace(byte: number): boolean {
  return byte === 32 || (byte >= 9 && byte <= 13)
}

function latin1(bytes: Uint8Array): string {
  return new TextDecoder('latin1').decode(bytes)
}
