import { expect, test } from 'vitest'
import { MemorySource } from './byte-source'
import { HeapscapeError } from './errors'
import { LineBlocks } from './line-blocks'

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

function blocksOf(text: string, blockBytes: number): string[] {
  const blocks = new LineBlocks(new MemorySource(bytesOf(text)), blockBytes)
  const out: string[] = []
  while (blocks.next()) out.push(new TextDecoder().decode(blocks.bytes))
  return out
}

test('cuts only after line feeds, whatever the block size', () => {
  const text = 'a 0 16\na 1 32\n\nf 0\nlast without feed'
  for (let size = 1; size < 40; size++) {
    const blocks = blocksOf(text, size)
    expect(blocks.join('')).toBe(text)
    for (const block of blocks.slice(0, -1)) expect(block.endsWith('\n')).toBe(true)
  }
})

test('an empty source has no block', () => {
  expect(blocksOf('', 8)).toEqual([])
})

test('a line longer than 1 MiB is refused with its offset', () => {
  const text = `first\n${'x'.repeat(1024 * 1024 + 1)}\n`
  const blocks = new LineBlocks(new MemorySource(bytesOf(text)), 64)
  expect(blocks.next()).toBe(true)
  let error: unknown
  try {
    blocks.next()
  } catch (caught) {
    error = caught
  }
  expect(error).toBeInstanceOf(HeapscapeError)
  expect((error as HeapscapeError).toFailure()).toMatchObject({ code: 'format-malformed', where: { offset: 6 } })
})
