import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ByteSource } from './byte-source'
import { JsonReader } from './json-reader'

/** A source that hands out at most `piece` bytes a read, and the same array each time. */
function sourceOf(text: string, piece: number): ByteSource {
  const bytes = new TextEncoder().encode(text)
  const shared = new Uint8Array(piece)
  return {
    name: 'test',
    size: bytes.length,
    close: () => {},
    read: (offset, length) => {
      const part = bytes.subarray(offset, offset + Math.min(length, piece))
      shared.set(part)
      return shared.subarray(0, part.length)
    },
  }
}

/** Builds the value back from the tokens. */
function valueOf(reader: JsonReader): unknown {
  switch (reader.token) {
    case '[': {
      const list: unknown[] = []
      while (reader.next() !== ']') list.push(valueOf(reader))
      return list
    }
    case '{': {
      const entries: [string, unknown][] = []
      while (reader.next() !== '}') {
        const key = reader.text
        reader.next()
        entries.push([key, valueOf(reader)])
      }
      return Object.fromEntries(entries)
    }
    case 'string':
      return reader.text
    case 'number':
      return reader.number
    default:
      return JSON.parse(reader.token) as unknown
  }
}

function parse(text: string, piece = 1 << 20): unknown {
  const reader = new JsonReader(sourceOf(text, piece))
  reader.next()
  const value = valueOf(reader)
  expect(reader.next()).toBe('end')
  return value
}

describe('json reader', () => {
  test('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 1), (value, indent) => {
        const text = JSON.stringify(value, null, indent)
        // As text, because 0 and -0 are one there.
        expect(JSON.stringify(parse(text))).toBe(JSON.stringify(JSON.parse(text)))
      }),
      { numRuns: 300, seed: 5 },
    )
  })

  test('goes over the borders of windows', () => {
    const list = Array.from({ length: 40_000 }, (_, i) => ({ [`key"${i}`]: [i * 1.5, 'größe\n', true, null] }))
    expect(parse(JSON.stringify(list))).toEqual(list)
    expect(parse(JSON.stringify('x'.repeat(700_000)))).toBe('x'.repeat(700_000))
  })

  test.each(['[1,]', '{"a" 1}', '{a:1}', '[1 2]', '1 2', '[01]', '[+1]', 'tru', '["\\x"]', '}', '{"a":}', '[1}', '', ' ', '[1', '"abc', '{"a":1', '[-]', '['.repeat(300)])('refuses %s', (text) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code: expect.stringMatching(/^format-(malformed|truncated)$/) as string }) as Error)
  })

  test('skips a value of any depth', () => {
    const reader = new JsonReader(sourceOf('{"a":[[1],{"b":"]"}],"c":2}', 1 << 20))
    for (let i = 0; i < 3; i++) reader.next()
    reader.skip()
    expect([reader.next(), reader.text, reader.next(), reader.number]).toEqual(['key', 'c', 'number', 2])
  })
})
