import { expect, test } from 'vitest'
import { JoinedAnswer, PART_BYTES, partsOf } from './answer-parts'
import { messageBytes, MOST_MESSAGE_BYTES } from './message-size'

/** What arrives of an answer, and the bytes of its largest part. */
function sendOver(value: unknown): { readonly arrived: unknown; readonly parts: number; readonly largestBytes: number } {
  const joined = new JoinedAnswer()
  let [parts, largestBytes] = [0, 0]
  for (const part of partsOf(value)) {
    parts++
    largestBytes = Math.max(largestBytes, messageBytes(part))
    joined.take(structuredClone(part))
  }
  return { arrived: joined.value, parts, largestBytes }
}

const longText = 'aö😀'.repeat(PART_BYTES / 2)
const rows = (count: number): unknown[] => Array.from({ length: count }, (_, i) => ({ address: i * 16, owner: i % 3 === 0 ? null : `module ${i}.dll`, pages: [i, -i] }))

test('small answers are one part', () => {
  for (const value of [null, 7, 'text', [1, 2], { a: { b: new Uint8Array(3) } }]) expect(sendOver(value)).toMatchObject({ arrived: value, parts: 1 })
})

test.each<[string, unknown]>([
  ['a text', longText],
  ['rows', rows(60_000)],
  ['a large row among small ones', [...rows(5), { text: longText }, ...rows(40_000), longText, ...rows(3)]],
  ['members, large and small, and small ones that are too much together', { id: 1, note: longText, rows: rows(30_000), list: [], none: null, ...Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`column ${i}`, 'x'.repeat(5000)])) }],
])('%s of any size arrive as they were, in parts that fit', (_what, value) => {
  const { arrived, parts, largestBytes } = sendOver(value)
  // Compared row by row it would take seconds.
  expect(JSON.stringify(arrived) === JSON.stringify(value)).toBe(true)
  expect(parts).toBeGreaterThan(2)
  expect(largestBytes).toBeLessThan(1.1 * PART_BYTES)
  expect(messageBytes(value)).toBeGreaterThan(PART_BYTES)
})

test('arrays of numbers arrive with their kind, views without what lies around them', () => {
  const [length, from] = [400_000, 13]
  const numbers = Float64Array.from({ length }, (_, i) => i / 3)
  const value = { numbers, few: numbers.subarray(from, from + 3), bytes: new Uint8Array(3 * PART_BYTES).fill(9) }
  const { arrived, largestBytes } = sendOver(value)
  const heard = arrived as typeof value
  // Number by number an assertion would take minutes.
  expect([heard.numbers instanceof Float64Array, heard.numbers.length, heard.numbers.every((one, i) => one === i / 3)]).toEqual([true, length, true])
  expect(heard.few).toEqual(Float64Array.from([13 / 3, 14 / 3, 5]))
  expect([heard.bytes.length, heard.bytes.every((one) => one === 9)]).toEqual([3 * PART_BYTES, true])
  expect(largestBytes).toBeLessThan(MOST_MESSAGE_BYTES / 2)
})
