import { expect, test } from 'vitest'
import { ChunkStore } from './chunk-store'

test('reads back across chunk borders what was appended in odd pieces', () => {
  const store = new ChunkStore('test', 1e9)
  const whole = Uint8Array.from({ length: 9_000_000 }, (_, at) => (at * 7919) >>> 5)
  for (let at = 0; at < whole.length; at += 777_777) store.append(whole.subarray(at, at + 777_777))
  expect(store.size).toBe(whole.length)
  const border = 4 * 1024 * 1024
  for (const [offset, length] of [[0, 10], [border - 5, 10], [border, 10], [border - 1, border + 2], [whole.length - 3, 10], [whole.length, 1]] as const) {
    expect(Buffer.from(store.read(offset, length)).equals(Buffer.from(whole.subarray(offset, offset + length)))).toBe(true)
  }
})

test('refuses to grow above its limit', () => {
  const store = new ChunkStore('test', 10)
  store.append(new Uint8Array(10))
  expect(() => store.append(new Uint8Array(1))).toThrowError(expect.objectContaining({ code: 'input-too-large' }))
})
