import { describe, expect, it } from 'vitest'
import type { CallResult, StepResult } from '../../../shared/sim/console/console-types'
import { caretLine, insertionOf, lineState, lineTexts, needsDetails, resultText } from './layout'

const call: CallResult = {
  line: 1, call: 'HeapAlloc', arguments: [0x140000, 0, 100], argumentTexts: ['0x00140000', '0', '100'], result: 0x140690, resultKind: 'pointer', resultText: '0x00140690', lastError: null, exception: null, output: null, name: 'p',
}
const failed: CallResult = { ...call, result: 0, resultText: 'NULL', lastError: { code: 8, name: 'ERROR_NOT_ENOUGH_MEMORY' } }
const step = (patch: Partial<StepResult>): StepResult => ({ line: 1, text: '', calls: [], callCount: patch.calls?.length ?? 0, failedCalls: 0, asserts: [], answers: [], note: null, error: null, ...patch })
const assertion = (ok: boolean) => ({ line: 1, text: 'handles.pages = 1', expected: '= 1', got: ok ? '1' : '2', ok })

it('tells a line in full when its row cannot', () => {
  expect([step({ calls: [call] }), step({ asserts: [assertion(true)] })].map(needsDetails)).toEqual([false, false])
  const more = [step({ calls: [call, call] }), step({ calls: [failed], failedCalls: 1 }), step({ asserts: [assertion(true), assertion(true)] }), step({ calls: [{ ...call, output: 'was PAGE_READWRITE' }] })]
  expect(more.map(needsDetails)).toEqual([true, true, true, true])
})

describe('resultText', () => {
  it('gives the result of one call, with its error', () => {
    expect(resultText(step({ calls: [call] }))).toBe('0x00140690')
    expect(resultText(step({ calls: [failed], failedCalls: 1 }))).toBe('NULL · ERROR_NOT_ENOUGH_MEMORY')
  })

  it('counts the calls of a loop', () => {
    expect(resultText(step({ calls: [call, failed], callCount: 1600, failedCalls: 1 }))).toBe('1,600 calls, 1 failed, last NULL · ERROR_NOT_ENOUGH_MEMORY')
  })

  it('says what an assert expected and got', () => {
    expect(resultText(step({ asserts: [assertion(false), assertion(true)] }))).toBe('expected = 1, got 2')
    expect(resultText(step({ asserts: [assertion(true)] }))).toBe('✓ 1')
    expect(resultText(step({ asserts: [assertion(true), assertion(true)] }))).toBe('✓ 2 asserts hold')
  })

  it('puts an error first, at its column', () => {
    const error = { code: 'unknown-call', line: 1, column: 5, text: 'There is no call "HeapAlok".', lastError: { code: 127, name: 'ERROR_PROC_NOT_FOUND' } } as const
    expect(resultText(step({ calls: [call], error }))).toBe('column 5: There is no call "HeapAlok". (ERROR_PROC_NOT_FOUND)')
    expect(resultText(step({ error: { ...error, lastError: null } }))).toBe('column 5: There is no call "HeapAlok".')
  })

  it('names a raised exception', () => {
    expect(resultText(step({ calls: [{ ...failed, exception: { code: 0xc0000017, name: 'STATUS_NO_MEMORY', address: 0 } }] }))).toBe('raised STATUS_NO_MEMORY')
  })
})

it('tells the state of a line', () => {
  const state = (result: StepResult | null) => lineState({ line: 1, text: '', result })
  expect(state(null)).toBe('waiting')
  expect(state(step({ calls: [call] }))).toBe('done')
  expect(state(step({ calls: [failed], failedCalls: 1 }))).toBe('failed-call')
  expect(state(step({ asserts: [assertion(false)] }))).toBe('false-assert')
  expect(state(step({ error: { code: 'syntax', line: 1, column: 1, text: '', lastError: null } }))).toBe('error')
  expect(lineTexts({ line: 3, text: 'mark', result: null })).toEqual({ line: '3', text: 'mark', result: '' })
})

it('finds the line of the caret', () => {
  expect(caretLine('ab\ncde\nf', 5)).toEqual({ text: 'cde', column: 2, row: 1, start: 3 })
  expect(caretLine('ab', 0)).toEqual({ text: 'ab', column: 0, row: 0, start: 0 })
  expect(caretLine('ab\n', 3)).toEqual({ text: '', column: 0, row: 1, start: 3 })
})

it('opens the parenthesis of a call once', () => {
  expect(insertionOf({ text: 'HeapAlloc', kind: 'call' }, '')).toBe('HeapAlloc(')
  expect(insertionOf({ text: 'HeapAlloc', kind: 'call' }, '(h)')).toBe('HeapAlloc')
  expect(insertionOf({ text: 'GMEM_MOVEABLE', kind: 'flag' }, '')).toBe('GMEM_MOVEABLE')
})
