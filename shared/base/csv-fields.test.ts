import { expect, test } from 'vitest'
import { csvFields, separatorOf } from './csv-fields'

test.each([
  ['a,b,c', ',', ['a', 'b', 'c']],
  [' a , b ,', ',', ['a', 'b', '']],
  ['"a, b",c', ',', ['a, b', 'c']],
  ['"say ""x""";2', ';', ['say "x"', '2']],
  ['"""",1', ',', ['"', '1']],
  ['x\t"y"', '\t', ['x', 'y']],
  ['', ',', ['']],
  ['"open,1', ',', undefined],
  ['"a"b,1', ',', undefined],
])('%s', (line, separator, fields) => expect(csvFields(line, separator)).toEqual(fields))

test('the separator is the one that stands most often outside quotes', () => {
  expect([separatorOf('a;b;"c,d,e,f"'), separatorOf('a,b'), separatorOf('a\tb'), separatorOf('a')]).toEqual([';', ',', '\t', undefined])
})
