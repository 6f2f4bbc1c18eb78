import { expect, test } from 'vitest'
import { MemorySource } from '../../base/byte-source'
import { HeapscapeError } from '../../base/errors'
import { isScriptHead, isScriptName, readScriptFile, scriptFileText } from './script-file'

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
const read = (text: string): ReturnType<typeof readScriptFile> => readScriptFile(new MemorySource(bytesOf(text), 'test'))

test('a script comes back from its file with its heap and its lines', () => {
  const file = { text: 'p = HeapAlloc(heap, 0, 100)\n\n# ä', initialBytes: 0x2000, maximumBytes: 0x100000 }
  const text = scriptFileText(file)
  expect(text).toBe('#! heapscape-script heap=0x2000,0x100000\np = HeapAlloc(heap, 0, 100)\n\n# ä\n')
  expect(isScriptHead(bytesOf(text))).toBe(true)
  const again = read(text)
  expect(again).toEqual({ ...file, text: text.slice(0, -1) })
  // Saved once more it gets no second first line, but the sizes it has now.
  expect(scriptFileText({ ...again, maximumBytes: 0 })).toBe(text.replace('0x100000', '0'))
})

test('a script written by hand needs no first line', () => {
  expect(read('malloc(1)\r\nmalloc(2)\r\n')).toEqual({ text: 'malloc(1)\nmalloc(2)', initialBytes: 0x1000, maximumBytes: 0 })
  expect(read('\uFEFF#! heapscape-script\nmalloc(1)')).toEqual({ text: '#! heapscape-script\nmalloc(1)', initialBytes: 0x1000, maximumBytes: 0 })
  expect(read('')).toMatchObject({ text: '' })
  expect([isScriptName('Lists.HEAPSCRIPT'), isScriptName('heapscript'), isScriptHead(bytesOf('malloc(1)'))]).toEqual([true, false, false])
})

test.each([
  ['#! heapscape-script heap=1', 'format-malformed'],
  ['#! heapscape-script2', 'format-malformed'],
  ['#! heapscape-script heap=0x1000,0xFFFFFFFFFFFFF', 'format-malformed'],
  ['# '.repeat(8_000_001), 'input-too-large'],
])('a file is refused: %.40s', (text, code) => {
  expect(() => read(text)).toThrow(expect.objectContaining({ code }) as HeapscapeError)
})

test('bytes that are no text are refused', () => {
  expect(() => readScriptFile(new MemorySource(Uint8Array.of(0x6d, 0xff, 0xfe), 'test'))).toThrow('UTF-8')
})
