import { expect, test } from 'vitest'
import { BAD_NUMBER, LineCursor, NO_NUMBER } from './line-cursor'

function cursorOver(text: string): LineCursor {
  const cursor = new LineCursor()
  const bytes = new TextEncoder().encode(text)
  cursor.set(bytes, 0, bytes.length)
  return cursor
}

test('reads hexadecimal fields with and without prefix, in either case, up to 2^53', () => {
  const cursor = cursorOver('0 ff 0xFF  00000000000000aB\t1fffffffffffff\r')
  expect([cursor.hex(), cursor.hex(), cursor.hex(), cursor.hex(), cursor.hex(), cursor.hex()]).toEqual([0, 255, 255, 171, 2 ** 53 - 1, NO_NUMBER])
})

test.each(['20000000000000', '1fffffffffffffff', '0x', 'g', '1g', '-1', '1:'])('refuses %s as hexadecimal', (text) => {
  expect(cursorOver(text).hex()).toBe(BAD_NUMBER)
})

test('reads decimal numbers up to the first other byte', () => {
  const cursor = cursorOver('12, 9007199254740991')
  expect(cursor.decimal()).toBe(12)
  expect(cursor.take(',')).toBe(true)
  expect([cursor.decimal(), cursor.decimal()]).toEqual([9007199254740991, NO_NUMBER])
  expect(cursorOver('9007199254740993').decimal()).toBe(BAD_NUMBER)
  expect(cursorOver('x').decimal()).toBe(BAD_NUMBER)
})

test('takes words, the rest and nothing past the end', () => {
  const cursor = cursorOver('  first second third\r')
  expect(cursor.word()).toBe('first')
  expect(cursor.take(' second')).toBe(true)
  expect(cursor.take(' thirds')).toBe(false)
  expect(cursor.rest()).toBe(' third')
  expect(cursor.atEnd).toBe(true)
})
