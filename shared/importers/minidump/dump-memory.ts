import type { MemoryRange } from '../../model/range-memory'
import type { DumpNotes } from './dump-notes'

/** Ranges by address that neither overlap nor reach beyond the file. */
export function placeRanges(told: readonly MemoryRange[], fileBytes: number, notes: DumpNotes): MemoryRange[] {
  const sound = told.filter(({ address, bytes, offset }) => {
    const isSound = address >= 0 && bytes > 0 && offset >= 0 && address + bytes <= Number.MAX_SAFE_INTEGER
    if (!isSound && bytes !== 0) notes.add('range-absurd', `A memory range claims ${bytes} bytes at address ${address}; it is left out.`)
    return isSound
  })
  const present = sound.flatMap((range) => {
    const there = Math.min(range.bytes, fileBytes - range.offset)
    if (there < range.bytes) notes.partial('memory-truncated', `The bytes of a memory range at 0x${range.address.toString(16)} end with the file: ${Math.max(0, there)} of ${range.bytes} are there.`, range.offset)
    return there > 0 ? [{ ...range, bytes: there }] : []
  })
  // Of ranges that overlap the first told is believed: sort is stable, and a later one loses what is already covered.
  const sorted = present.sort((a, b) => a.address - b.address)
  const placed: MemoryRange[] = []
  let end = 0
  for (const range of sorted) {
    const covered = Math.max(0, end - range.address)
    if (covered > 0) notes.add('ranges-overlap', 'Memory ranges overlap; the first is believed.')
    if (covered >= range.bytes) continue
    placed.push({ address: range.address + covered, bytes: range.bytes - covered, offset: range.offset + covered })
    end = range.address + range.bytes
  }
  return placed
}
