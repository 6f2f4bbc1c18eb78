import { deserialize, serialize } from 'node:v8'
import { messageBytes } from '../../shared/ipc/message-size'

/*
 * Messages between processes of ours, whatever their size: what is larger than a part is written out and goes as several
 * messages, which the other end puts together again. A port keeps their order, so parts need no number.
 */
const PART_BYTES = 2 ** 20

interface Part {
  readonly part: Uint8Array
  readonly isLast: boolean
}

const isPart = (message: unknown): message is Part => typeof message === 'object' && message !== null && 'part' in message && 'isLast' in message

export function postInParts(post: (message: unknown) => void, message: unknown): void {
  if (messageBytes(message) <= PART_BYTES) return post(message)
  const written = serialize(message)
  for (let from = 0; from < written.length; from += PART_BYTES) {
    const to = Math.min(written.length, from + PART_BYTES)
    // A copy: of a view, the whole buffer behind it would be sent.
    post({ part: Uint8Array.from(written.subarray(from, to)), isLast: to === written.length } satisfies Part)
  }
}

/** Wraps a listener so that it hears whole messages. */
export function joinParts(listener: (message: unknown) => void): (message: unknown) => void {
  const parts: Uint8Array[] = []
  return (message) => {
    if (!isPart(message)) return listener(message)
    parts.push(message.part)
    if (message.isLast) listener(deserialize(Buffer.concat(parts.splice(0))))
  }
}
