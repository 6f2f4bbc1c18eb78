/** No message between the engine and a window is larger: pages, tiles and sums, never whole columns. */
export const MOST_MESSAGE_BYTES = 4 * 1024 * 1024

/** The largest message of a port and whose answer it was; no user ever meets one above MOST_MESSAGE_BYTES, tests look after that. */
export interface LargestMessage {
  readonly method: string
  readonly bytes: number
}

/** About the bytes a value takes on its way between two processes: buffers and texts in full, 8 bytes for every other value. */
export function messageBytes(value: unknown): number {
  if (typeof value === 'string') return 2 * value.length
  if (value === null || typeof value !== 'object') return 8
  if (ArrayBuffer.isView(value)) return value.byteLength
  if (value instanceof ArrayBuffer) return value.byteLength
  let sum = 8
  for (const [key, member] of Object.entries(value)) sum += (Array.isArray(value) ? 0 : key.length) + messageBytes(member)
  return sum
}
