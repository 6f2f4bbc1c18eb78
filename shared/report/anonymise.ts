import type { ChangeExplanation } from '../analysis/compare/explain-change'
import type { Cause, RankedCauses } from '../analysis/compare/rank-causes'
import type { SidesComparison } from '../analysis/compare/compare-sides'
import type { RunFigures } from '../analysis/compare/run-figures'

/*
 * Reports for other eyes: names of files, runs and call sites become numbers, the same name always the same number.
 * Figures stay; addresses and host names are in no comparison.
 */
export interface AnonymousReport {
  readonly comparison: SidesComparison
  readonly explanation: ChangeExplanation | null
}

export function anonymise(comparison: SidesComparison, explanation: ChangeExplanation | null): AnonymousReport {
  const names = new Numbering()
  const run = (side: string) => (figures: RunFigures, place: number): RunFigures => ({
    ...figures,
    title: `${side}${place + 1}`,
    source: { ...figures.source, name: names.of('source', figures.source.name), traceHash: figures.source.traceHash === '' ? '' : names.of('trace', figures.source.traceHash) },
  })
  const { a, b, issues } = comparison
  return {
    comparison: {
      ...comparison,
      a: { name: 'A', runs: a.runs.map(run('A')) },
      b: { name: 'B', runs: b.runs.map(run('B')) },
      // Titles of runs stand in this text only.
      issues: issues.map((issue) => (issue.code === 'partial' ? { ...issue, text: 'Some runs were opened only in part.' } : issue)),
    },
    explanation: explanation === null || explanation.bySite === null ? explanation : { ...explanation, bySite: anonymiseSites(explanation.bySite, names) },
  }
}

function anonymiseSites(ranked: RankedCauses, names: Numbering): RankedCauses {
  const hide = (cause: Cause): Cause => (cause.kind === 'group' ? { ...cause, key: names.of('call site', cause.key) } : cause)
  return { ...ranked, causes: ranked.causes.map(hide), offsets: ranked.offsets.map(hide) }
}

class Numbering {
  readonly #known = new Map<string, string>()
  readonly #counts = new Map<string, number>()

  of(kind: string, name: string): string {
    const key = `${kind}|${name}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const number = (this.#counts.get(kind) ?? 0) + 1
    this.#counts.set(kind, number)
    this.#known.set(key, `${kind} ${number}`)
    return `${kind} ${number}`
  }
}
