import { HeapscapeError } from '../../base/errors'
import { PAGE_BYTES, type Bytes } from '../../base/units'

/** Default heap as an executable's header states it (`size of heap reserve`, `size of heap commit`). */
export interface HeaderSizes {
  readonly reserveBytes: Bytes
  readonly commitBytes: Bytes
}

/** What the linker writes when nothing is given: 1 MB and one page. */
export const LINKER_DEFAULTS: HeaderSizes = { reserveBytes: 0x100000, commitBytes: PAGE_BYTES }

/** The loader gives a default heap at least 16 pages of address space. */
export const LOADER_LEAST_RESERVE: Bytes = 16 * PAGE_BYTES

const EXPECTED = '/HEAP:reserve[,commit] or HEAPSIZE reserve [commit]'

/**
 * Sizes from a linker switch `/HEAP:0x10000,0x1000` or a definition file's `HEAPSIZE 0x10000 0x1000`; decimal or
 * 0x-hexadecimal. As the linker does, it takes any value; a commit left out is one page.
 *
 * `betaLinker`: the second beta linker wrote 0x1000 as commit whatever was asked.
 * @throws HeapscapeError `parameter-invalid` for a text of another form
 */
export function parseLinkerText(text: string, betaLinker = false): HeaderSizes {
  const numbers = /^\s*[/-]heap:\s*(\w+)\s*(?:,\s*(\w+))?\s*$/i.exec(text) ?? /^\s*heapsize\s+(\w+)(?:[\s,]+(\w+))?\s*$/i.exec(text)
  if (numbers === null) throw invalid(text)
  const reserveBytes = readSize(numbers[1]!, text)
  const commitBytes = numbers[2] === undefined || betaLinker ? LINKER_DEFAULTS.commitBytes : readSize(numbers[2], text)
  return { reserveBytes, commitBytes }
}

function readSize(word: string, text: string): Bytes {
  if (!/^(\d+|0x[\da-f]+)$/i.test(word)) throw invalid(text)
  const value = Number(word)
  if (!Number.isSafeInteger(value)) throw invalid(text)
  return value
}

const invalid = (got: string): HeapscapeError => new HeapscapeError('parameter-invalid', { name: 'linkerText', expected: EXPECTED, got })
