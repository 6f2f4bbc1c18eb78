import { expect, test } from 'vitest'
import { messageBytes, MOST_MESSAGE_BYTES } from '../../shared/ipc/message-size'
import { joinParts, postInParts } from './large-messages'

/** Sends messages over a made-up port that copies, as a real one does. */
function sendAll(messages: readonly unknown[]): { readonly heard: unknown[]; readonly sent: unknown[] } {
  const [heard, sent]: [unknown[], unknown[]] = [[], []]
  const listen = joinParts((message) => heard.push(message))
  for (const message of messages) {
    postInParts((part) => {
      sent.push(part)
      listen(structuredClone(part))
    }, message)
  }
  return { heard, sent }
}

test('a message of any size arrives whole and in order, and none on the way is larger than a message may be', () => {
  const numbers = Float64Array.from({ length: 1_500_000 }, (_, i) => i / 3)
  const rest = { id: 2, texts: ['x'.repeat(3_000_000)] }
  const large = { ...rest, numbers }
  const { heard, sent } = sendAll([{ id: 1 }, large, { id: 3, value: null }])
  const { numbers: heardNumbers, ...heardRest } = heard[1] as typeof large
  expect([heard.length, heard[0], heard[2]]).toEqual([3, { id: 1 }, { id: 3, value: null }])
  expect(heardRest).toEqual(rest)
  // Number by number an assertion would take minutes.
  expect([heardNumbers.length, heardNumbers.every((value, i) => value === numbers[i])]).toEqual([numbers.length, true])
  expect(sent.length).toBeGreaterThan(10)
  expect(Math.max(...sent.map(messageBytes))).toBeLessThan(MOST_MESSAGE_BYTES)
  expect(messageBytes(large)).toBeGreaterThan(MOST_MESSAGE_BYTES)
})

test('small messages go as they are', () => {
  expect(sendAll([{ type: 'progress', id: 7 }]).sent).toEqual([{ type: 'progress', id: 7 }])
})
