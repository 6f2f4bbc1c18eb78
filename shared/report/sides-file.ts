import type { SidesComparison } from '../analysis/compare/compare-sides'
import type { ChangeExplanation } from '../analysis/compare/explain-change'
import { anonymise } from './anonymise'
import { sidesPage } from './html/sides-page'
import { sidesJson, sidesMarkdown } from './sides-report'

export type SidesForm = 'html' | 'markdown' | 'json'

/** A comparison of sides as the content of a file; the command line prints the same. */
export function sidesFile(form: SidesForm, comparison: SidesComparison, explanation: ChangeExplanation | null, isAnonymous: boolean): string {
  const shown = isAnonymous ? anonymise(comparison, explanation) : { comparison, explanation }
  switch (form) {
    case 'html':
      return sidesPage(shown.comparison, shown.explanation)
    case 'markdown':
      return `${sidesMarkdown(shown.comparison, shown.explanation)}\n`
    case 'json':
      return `${JSON.stringify(sidesJson(shown.comparison, shown.explanation), null, 2)}\n`
  }
}
