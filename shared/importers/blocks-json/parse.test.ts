import { describe, expect, test } from 'vitest'
import { MemorySource } from '../../base/byte-source'
import { cancelledAfter, quietJob } from '../../base/job-context'
import { checkSnapshot } from '../../model/integrity'
import type { Snapshot } from '../../model/snapshot'
import { ObjectList } from './object-list'
import { looksLikeJsonBlocks, parseJsonBlocks } from './parse'

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
const read = async (text: string, mode: 'compatible' | 'strict' = 'strict'): Promise<Snapshot> => {
  const snapshot = await parseJsonBlocks(new MemorySource(bytesOf(text), 'x.json'), { mode }, quietJob)
  expect(checkSnapshot(snapshot)).toEqual([])
  return snapshot
}

describe('objects', () => {
  const TEXT = '{"a":"[", "blocks": [ {"t":"}\\"]"}, {"deep":{"x":[{}]}} ] }'
  test('are found whatever stands in their texts, in pieces of any length', () => {
    for (const step of [1, 2, 7, 1000]) {
      const list = new ObjectList()
      const found: string[] = []
      for (let at = 0; at < TEXT.length; at += step) expect(list.take(TEXT.slice(at, at + step), ({ text, column }) => found.push(`${column} ${text}`))).toBe(true)
      expect([found, list.isClosed, list.preamble]).toEqual([['23 {"t":"}\\"]"}', '37 {"deep":{"x":[{}]}}'], true, '{"a":"[", "blocks": '])
    }
  })

  test('one that never ends is refused instead of kept', () => {
    const list = new ObjectList()
    expect([list.take('[{', () => {}), list.take('"x'.repeat(40_000), () => {})]).toEqual([true, false])
  })
})

test('numbers and texts, a list alone or under "blocks", coverage beside it', async () => {
  const alone = await read('[{"address":4096,"size":"0x10"}]')
  expect([alone.blocks.address.at(0), alone.blocks.size.at(0), alone.coverage]).toEqual([4096, 16, 'busy'])
  expect((await read('{"coverage":"some","blocks":[{"addr":"0x10","size":16}]}')).coverage).toBe('some')
})

test('a block over a border of pieces is one block', async () => {
  const rows = Array.from({ length: 12_000 }, (_, i) => `{"address":${4096 + i * 16},"size":16,"site":"größe ${i % 7}"}`)
  const { blocks, siteNames } = await read(`[${rows.join(',\n')}]`)
  expect([blocks.length, siteNames[6], siteNames.length]).toEqual([12_000, 'größe 6', 7])
})

test.each([
  ['[{"address":4096,"size":16},\n {"address":4097', 'format-truncated', 2],
  ['[{"address":4096,"size":16},\n 5]', 'format-malformed', 2],
  ['[{"address":4096,"size":16},\n\n {"address":1.5,"size":16}]', 'format-malformed', 3],
  ['[]', 'format-malformed', 1],
])('strict refuses with the line: %s', async (text, code, line) => expect(read(text)).rejects.toMatchObject({ code, where: { line } }))

test('is known by its first object alone', () => {
  const texts = ['[{"address":1,"size":2', '[{"address":1,"size":2}', '{"blocks":[{"ptr":"0x1","bytes":2}]', '{"dhatFileVersion":2,"pps":[{"size":1}]', '[1,2]', '{"snapshot":{"meta":{}}}']
  expect(texts.map((text) => looksLikeJsonBlocks(bytesOf(text)))).toEqual([false, true, true, false, false, false])
})

test('can be cancelled', async () => {
  await expect(parseJsonBlocks(new MemorySource(bytesOf('[{"address":1,"size":2}]'), 'x'), { mode: 'strict' }, cancelledAfter(0))).rejects.toMatchObject({ code: 'cancelled' })
})
