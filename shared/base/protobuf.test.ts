import { expect, test } from 'vitest'
import { ProtobufCursor, WireType } from './protobuf'

function fieldsOf(...bytes: number[]): string[] {
  const cursor = new ProtobufCursor()
  cursor.set(Uint8Array.from(bytes), 0, bytes.length)
  const fields: string[] = []
  while (cursor.next()) fields.push(`${cursor.field}:${cursor.wireType === WireType.Varint ? cursor.value : `[${cursor.start},${cursor.stop})`}`)
  return cursor.damaged ? [...fields, 'damaged'] : fields
}

test('varints, lengths and fixed values in any order', () => {
  expect(fieldsOf(0x08, 0x96, 0x01, 0x12, 0x02, 0x08, 0x07, 0x1d, 1, 2, 3, 4, 0x21, 1, 2, 3, 4, 5, 6, 7, 8)).toEqual(['1:150', '2:[5,7)', '3:[8,12)', '4:[13,21)'])
  expect(fieldsOf(0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f)).toEqual([`1:${2 ** 53 - 1}`])
  expect(fieldsOf(0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01)).toEqual(['1:NaN'])
})

test.each([
  ['a cut varint', [0x08, 0x80]],
  ['a varint without end', [0x08, ...new Array<number>(11).fill(0x80)]],
  ['more bytes than there are', [0x12, 0x05, 0x01]],
  ['field number 0', [0x00, 0x01]],
  ['a group', [0x0b]],
])('%s is damage', (_, bytes) => expect(fieldsOf(...bytes)).toEqual(['damaged']))
