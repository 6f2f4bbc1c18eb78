import type { Bytes } from '../../base/units'

/** The 8 header bytes of a block of an NT heap, decoded. */
export interface NtEntry {
  readonly units: number
  readonly flags: number
  /** Units of the block before; 0 for the first of a run. */
  readonly previousUnits: number
  readonly segmentOffset: number
  readonly unusedBytes: Bytes
  /** The fourth byte is the XOR of the first three. */
  readonly hasChecksum: boolean
}

/** `raw` and `key` are 8 bytes each; a heap that stores entries plainly has a key of zeros. For single entries, not for walks. */
export function decodeEntry(raw: Uint8Array, key: Uint8Array): NtEntry {
  const plain = raw.map((byte, i) => byte ^ key[i]!)
  return {
    units: plain[0]! | (plain[1]! << 8),
    flags: plain[2]!,
    previousUnits: plain[4]! | (plain[5]! << 8),
    segmentOffset: plain[6]!,
    unusedBytes: plain[7]!,
    hasChecksum: plain[3] === (plain[0]! ^ plain[1]! ^ plain[2]!),
  }
}

/** The key that makes `plain` out of `raw`. */
export function deriveKey(raw: Uint8Array, plain: Uint8Array): Uint8Array {
  return raw.map((byte, i) => byte ^ plain[i]!)
}

/** What the entry of the heap itself must say: busy, first of its run, one byte unused. */
export function heapEntryBytes(headerBytes: Bytes, unit: number): Uint8Array {
  const units = headerBytes / unit
  const low = units & 0xff
  const high = (units >>> 8) & 0xff
  return Uint8Array.of(low, high, 1, low ^ high ^ 1, 0, 0, 0, 1)
}
