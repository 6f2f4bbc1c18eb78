import type { StepResult } from '../../../shared/sim/console/console-types'
import type { ScriptLine } from '../../../shared/sim/workspace/workspace-types'

/* What stands beside a line of a script. */
export type LineColumn = 'line' | 'text' | 'result'
export type LineState = 'waiting' | 'done' | 'failed-call' | 'false-assert' | 'error'

/** The sign that goes with the colour. */
export const LINE_SIGNS: Readonly<Record<LineState, string>> = { waiting: '', done: '', 'failed-call': '!', 'false-assert': '✗', error: '✗' }

export function lineState({ result }: ScriptLine): LineState {
  if (result === null) return 'waiting'
  if (result.error !== null) return 'error'
  if (result.asserts.some(({ ok }) => !ok)) return 'false-assert'
  return result.failedCalls > 0 || result.calls.some(({ exception }) => exception !== null) ? 'failed-call' : 'done'
}

function callsText({ calls, callCount, failedCalls }: StepResult): string {
  const last = calls.at(-1)
  if (last === undefined) return ''
  const own = last.exception !== null ? `raised ${last.exception.name}` : [last.resultText, last.lastError?.name, last.output].filter(Boolean).join(' · ')
  if (callCount === 1) return own
  return [`${callCount.toLocaleString('en-US')} calls`, failedCalls > 0 ? `${failedCalls.toLocaleString('en-US')} failed` : '', `last ${own}`].filter(Boolean).join(', ')
}

function assertsText({ asserts }: StepResult): string {
  const wrong = asserts.filter(({ ok }) => !ok)
  if (wrong[0] !== undefined) return `expected ${wrong[0].expected}, got ${wrong[0].got}${wrong.length > 1 ? ` and ${wrong.length - 1} more` : ''}`
  return asserts.length === 0 ? '' : asserts.length === 1 ? `✓ ${asserts[0]!.got}` : `✓ ${asserts.length} asserts hold`
}

const answersText = ({ answers }: StepResult): string => answers.map(({ text }) => text).join(' ')

/** What a line gave, in one line. */
export function resultText(result: StepResult | null): string {
  if (result === null) return ''
  if (result.error !== null) return `column ${result.error.column}: ${result.error.text}${result.error.lastError === null ? '' : ` (${result.error.lastError.name})`}`
  return [callsText(result), assertsText(result), answersText(result), result.note].filter(Boolean).join(' · ')
}

export const lineTexts = (line: ScriptLine): Readonly<Record<LineColumn, string>> => ({ line: String(line.line), text: line.text, result: resultText(line.result) })

/** Of a chosen line that one row cannot tell whole. */
export const needsDetails = ({ callCount, failedCalls, calls, asserts, answers, error }: StepResult): boolean =>
  error !== null || callCount > 1 || failedCalls > 0 || asserts.length > 1 || answers.length > 0 || calls.some(({ output }) => output !== null)

/** The line of a text that holds the caret, with the caret's column in it. */
export function caretLine(text: string, caret: number): { readonly text: string; readonly column: number; readonly row: number; readonly start: number } {
  const start = text.lastIndexOf('\n', caret - 1) + 1
  const end = text.indexOf('\n', caret)
  return { text: text.slice(start, end < 0 ? text.length : end), column: caret - start, row: text.slice(0, start).split('\n').length - 1, start }
}

/** What is typed after taking an item: a call opens its parenthesis. */
export const insertionOf = (item: { readonly text: string; readonly kind: string }, after: string): string => (item.kind === 'call' && !after.startsWith('(') ? `${item.text}(` : item.text)
