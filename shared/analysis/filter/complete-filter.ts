import { BLOCK_COLUMNS, columnFacts, NEVER, type BlockColumn } from '../block-columns'
import { expectedAtEnd, operatorsOf, type Expected } from './read-filter'

/** What could be written at the caret: the text between `from` and `to` would become `options[i].text`. */
export interface Completion {
  readonly from: number
  readonly to: number
  readonly options: readonly CompletionOption[]
  /** A text of this column is being written: its values, which only the document knows, fit here. */
  readonly textOf: BlockColumn | null
}

export interface CompletionOption {
  readonly text: string
  /** Explains it, one line. */
  readonly what: string
}

const WORD = /[a-z_][a-z0-9_-]*$/i
const OPEN_QUOTE = /"((?:[^"\\]|\\.)*)$/
const WHAT_OF_OPERATOR: Readonly<Record<string, string>> = {
  '=': 'equal', '!=': 'known and not equal', '<': 'less than', '<=': 'up to', '>': 'more than', '>=': 'from', in: 'in a..b or (a, b..c)', 'not in': 'outside of all of these',
  is: 'is known, is unknown', '~': 'contains "part" or fits /regular expression/', '!~': 'known and does not contain it',
}

/** Completion at `caret` in `text`; what follows the caret stays. */
export function completeFilter(text: string, caret: number): Completion {
  const before = text.slice(0, caret)
  const quote = openQuote(before)
  const from = quote ?? (WORD.exec(before)?.index ?? caret)
  const written = before.slice(from).toLowerCase()
  const expected = expectedAtEnd(before.slice(0, from))
  if (expected === null) return { from, to: caret, options: [], textOf: null }
  if (expected.type === 'value' && columnFacts(expected.column).unit === 'text') return { from, to: caret, options: [], textOf: expected.column }
  if (quote !== null) return { from, to: caret, options: [], textOf: null }
  const options = optionsFor(expected).filter((option) => option.text.toLowerCase().startsWith(written) && option.text.toLowerCase() !== written)
  return { from, to: caret, options, textOf: null }
}

/** Place of a quote that is not closed before the caret; null without one. */
function openQuote(before: string): number | null {
  let at: number | null = null
  for (let i = 0; i < before.length; i++) {
    if (before[i] === '\\' && at !== null) i++
    else if (before[i] === '"') at = at === null ? i : null
  }
  return at !== null && OPEN_QUOTE.test(before.slice(at)) ? at : null
}

function optionsFor(expected: Expected): CompletionOption[] {
  switch (expected.type) {
    case 'part':
      return [...BLOCK_COLUMNS.map((column) => ({ text: column, what: columnFacts(column).what })), { text: 'not', what: 'the contrary of what follows' }]
    case 'operator':
      return operatorsOf(expected.column).map((text) => ({ text, what: WHAT_OF_OPERATOR[text]! }))
    case 'value':
      if (columnFacts(expected.column).isEndless === true) return [{ text: NEVER, what: 'still there at the end of the run' }]
      return (columnFacts(expected.column).names ?? []).map((text) => ({ text, what: `${expected.column} of the block` }))
    case 'connective':
      return [{ text: 'and', what: 'both hold' }, { text: 'or', what: 'at least one holds' }]
    case 'words':
      return expected.words.filter((word) => /^[a-z]/.test(word)).map((text) => ({ text, what: '' }))
  }
}
