/** "v WRITER VERSION" in hexadecimal, then a record with its letter. */
export function looksLikeHeaptrack(head: Uint8Array): boolean {
  return /^v [0-9a-f]{1,8} [0-9a-f]{1,4}\r?\n(?:[A-Za-z+-] |#)/.test(new TextDecoder('latin1').decode(head.subarray(0, 64)))
}
