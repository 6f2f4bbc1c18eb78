import { HeapscapeError } from '../base/errors'

/** No message between two processes is larger: pages, tiles and sums, never whole columns. */
export const MOST_MESSAGE_BYTES = 4 * 1024 * 1024

/** The largest message of a port and whose answer it was. */
export interface LargestMessage {
  readonly method: string
  readonly bytes: number
}

/**
 * About the bytes a value takes on its way between two processes: buffers and texts in full, 8 bytes for every other value.
 * Of a view the whole buffer behind it is sent, though once however many views share it.
 */
export function messageBytes(value: unknown): number {
  return bytesOf(value, new Set())
}

function bytesOf(value: unknown, sent: Set<unknown>): number {
  if (typeof value === 'string') return 2 * value.length
  if (value === null || typeof value !== 'object') return 8
  if (ArrayBuffer.isView(value)) return bytesOf(value.buffer, sent)
  if (value instanceof ArrayBuffer) return wholeOrSent(value, sent)
  let sum = 8
  for (const [key, member] of Object.entries(value)) sum += (Array.isArray(value) ? 0 : key.length) + bytesOf(member, sent)
  return sum
}

function wholeOrSent(buffer: ArrayBuffer, sent: Set<unknown>): number {
  if (sent.has(buffer)) return 8
  sent.add(buffer)
  return buffer.byteLength
}

/**
 * Bytes of a message that may be sent. `what` begins the text of the refusal.
 * @throws HeapscapeError `message-too-large`
 */
export function checkMessageBytes(what: string, message: unknown): number {
  const bytes = messageBytes(message)
  if (bytes > MOST_MESSAGE_BYTES) throw new HeapscapeError('message-too-large', { what, expected: `at most ${MOST_MESSAGE_BYTES}`, got: bytes })
  return bytes
}
