/*
 * The few ZIP records we use (APPNOTE.TXT 6.3.10, sections 4.3.7, 4.3.12, 4.3.14-4.3.16, 4.5.3):
 *
 *   [local header][name][zip64 extra][data ..] ...  [directory entries ..] [zip64 end] [zip64 locator] [end]
 *
 * Members are stored, never deflated: the tables inside are compressed already, and a stored member can be read in
 * place. Sizes and offsets always go through the zip64 fields, so a file of 5 GiB takes the same path as one of 5 KiB.
 */
export const LOCAL_SIGNATURE = 0x04034b50
export const DIRECTORY_SIGNATURE = 0x02014b50
export const ZIP64_END_SIGNATURE = 0x06064b50
export const ZIP64_LOCATOR_SIGNATURE = 0x07064b50
export const END_SIGNATURE = 0x06054b50

export const LOCAL_BYTES = 30
export const DIRECTORY_BYTES = 46
export const ZIP64_END_BYTES = 56
export const ZIP64_LOCATOR_BYTES = 20
export const END_BYTES = 22

export const ZIP64_EXTRA_ID = 0x0001
export const VERSION_ZIP64 = 45
export const STORED = 0
/** General purpose bit 11: the name is UTF-8. */
export const FLAG_UTF8 = 0x0800
export const U16_MAX = 0xffff
export const U32_MAX = 0xffffffff
/** 1980-01-01, the earliest date ZIP can tell: equal documents give equal bytes. */
export const DOS_DATE = 0x0021

const TWO_32 = 4294967296

export function setUint64(view: DataView, offset: number, value: number): void {
  view.setUint32(offset, value % TWO_32, true)
  view.setUint32(offset + 4, Math.floor(value / TWO_32), true)
}

/** Exact below 2^53; a larger value loses low bits, and exceeds every file size it is checked against. */
export function getUint64(view: DataView, offset: number): number {
  return view.getUint32(offset, true) + view.getUint32(offset + 4, true) * TWO_32
}

export const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
