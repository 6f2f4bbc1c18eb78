import { completeFilter } from '../../../shared/analysis/filter/complete-filter'
import { readFilter } from '../../../shared/analysis/filter/read-filter'
import { toFailure } from '../../../shared/base/errors'

/** A line of the list below a filter field; choosing it writes `insert` over [from, to). */
export interface FilterOption {
  readonly label: string
  readonly what: string
  readonly insert: string
  readonly from: number
  readonly to: number
  /** A whole filter kept earlier: it holds at once. */
  readonly isSaved: boolean
}

const MOST_SAVED = 8

/** `textsOf` gives the document's texts that contain a piece. */
export async function filterOptions(text: string, caret: number, saved: readonly string[], textsOf: (contains: string) => Promise<readonly string[]>): Promise<readonly FilterOption[]> {
  const { from, to, options, textOf } = completeFilter(text, caret)
  if (textOf !== null) {
    const written = text.slice(from, to).replace(/^"/, '').replaceAll('\\"', '"')
    // A regular expression is written by hand.
    if (written.startsWith('/')) return []
    const texts = await textsOf(written)
    return texts.map((one) => ({ label: one, what: '', insert: `"${one.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}" `, from, to, isSaved: false }))
  }
  const kept = text.trim() === '' ? saved.slice(0, MOST_SAVED).map((one) => ({ label: one, what: 'saved', insert: one, from: 0, to: text.length, isSaved: true })) : []
  return [...kept, ...options.map((option) => ({ label: option.text, what: option.what, insert: `${option.text} `, from, to, isSaved: false }))]
}

/** What is wrong with a filter text: the sentence, and where (from 0); null for a sound one. */
export function filterProblem(text: string): { readonly at: number; readonly sentence: string } | null {
  try {
    readFilter(text)
    return null
  } catch (error) {
    const { facts } = toFailure(error)
    const at = Number(facts['at'] ?? 1) - 1
    return { at, sentence: `Character ${at + 1}: ${String(facts['detail'])}` }
  }
}
