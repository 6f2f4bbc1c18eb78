import { compareImages, MemoryImage, type ImageDifference, type ImageRange } from '../../model/memory-image'
import type { Address, Bytes } from '../../base/units'
import type { ProcessApi } from '../win32/process-api'

/** Committed bytes a mark reads and compares byte by byte. */
export const MOST_MARKED_BYTES: Bytes = 64 * 1024 * 1024

/** Bytes that one initialisation writes: 16 entries of 8 bytes (Kath). */
const GROUP_BYTES: Bytes = 128

/** A process at one moment, kept to tell later what changed. */
export interface ProcessMark {
  readonly image: MemoryImage
  readonly tableBase: Address
  /** End of the initialised entries of the handle table. */
  readonly tableEnd: Address
}

export function takeMark(process: ProcessApi): ProcessMark {
  const { base, initialisations } = process.handleTable
  return { image: new MemoryImage(process, MOST_MARKED_BYTES), tableBase: base, tableEnd: base + initialisations * GROUP_BYTES }
}

/**
 * What was written since although the value may be the same: initialising entries of the handle table writes all of
 * their 128 bytes, the null link of the last one included.
 */
export function writtenSince(before: ProcessMark, after: ProcessMark): ImageRange[] {
  if (after.tableEnd <= before.tableEnd || after.tableBase !== before.tableBase) return []
  return [{ from: before.tableEnd, to: after.tableEnd }]
}

export const compareMarks = (before: ProcessMark, after: ProcessMark): ImageDifference =>
  compareImages(before.image, after.image, writtenSince(before, after))
