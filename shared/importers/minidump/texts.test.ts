import { expect, test } from 'vitest'
import { MemorySource } from '../../base/byte-source'
import { textAt, Texts } from './dump-bytes'

const LENGTH = 60_000

/** A counted text of LENGTH bytes at offset 4. */
function source(): MemorySource {
  const bytes = new Uint8Array(8 + LENGTH).fill(0x41)
  new DataView(bytes.buffer).setUint32(4, LENGTH, true)
  return new MemorySource(bytes, 'texts')
}

test('a text longer than one piece is read whole', () => {
  const text = textAt(source(), 4)
  expect([text.length, new Set(text).size]).toEqual([LENGTH / 2, 1])
})

test('a list of garbage that names long texts a million times fills no memory', () => {
  const texts = new Texts(source())
  let characters = 0
  for (let i = 0; i < 1_000_000; i++) characters += texts.at(4).length
  expect(characters).toBeGreaterThan(LENGTH)
  expect(characters).toBeLessThanOrEqual(8 * 1024 * 1024 + LENGTH)
})
