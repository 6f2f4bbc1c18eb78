import { expect, it } from 'vitest'
import { groupChecks, shownLines, tallyOf, tallyText } from './layout'

const PART = { title: 'a', machine: 'console' as const, script: '# first\nmark\n\nassert handles.pages = 1\n', stops: [{ line: 2, lookAt: 'the table' }] }
const assertion = (line: number, ok: boolean) => ({ line, text: 'handles.pages = 1', expected: '= 1', got: '1', ok })

it('puts stops and asserts at their lines', () => {
  const lines = shownLines(PART, [assertion(4, true), assertion(4, false)])
  expect(lines.map(({ line, text, isComment }) => [line, text, isComment])).toEqual([[1, '# first', true], [2, 'mark', false], [3, '', false], [4, 'assert handles.pages = 1', false]])
  expect(lines.map(({ stops }) => stops.length)).toEqual([0, 1, 0, 0])
  expect(lines[3]!.asserts.map(({ ok }) => ok)).toEqual([true, false])
})

it('tells checks of a loop once while their answer stays', () => {
  const checks = [...Array.from({ length: 257 }, () => assertion(3, true)), assertion(3, false), assertion(4, false)]
  expect(groupChecks(checks).map(({ line, ok, times }) => [line, ok, times])).toEqual([[3, true, 257], [3, false, 1], [4, false, 1]])
})

it('counts what holds over all parts', () => {
  const result = { number: 1, id: 'x', title: '', operations: 3, ok: false, parts: [{ title: '', operations: 1, asserts: [assertion(1, true)] }, { title: '', operations: 2, asserts: [assertion(1, false)] }] }
  expect(tallyText(tallyOf(result))).toBe('✗ 1 of 2')
  expect(tallyText({ right: 2, all: 2 })).toBe('✓ 2')
})
