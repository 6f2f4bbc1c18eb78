import type { ChangeExplanation } from '../../../shared/analysis/compare/explain-change'
import type { FigureDifference, SidesComparison } from '../../../shared/analysis/compare/compare-sides'
import type { CostDifference } from '../../../shared/analysis/compare/cost-differences'
import type { MatchGroup } from '../../../shared/analysis/compare/match-blocks'
import type { RankedCauses } from '../../../shared/analysis/compare/rank-causes'
import type { ShownTable, ShownValue } from '../../../shared/base/shown-table'

/* The tables of a comparison set as they are saved: exact values of the rows shown, in their order. */

export function figuresTable({ a, b, rule, seed, basis }: SidesComparison, rows: readonly FigureDifference[]): ShownTable {
  return {
    title: `Figures of ${a.name} and ${b.name}`,
    notes: [`Basis: ${basis}. Seed ${seed}. Rule: change of at least ${rule.relative * 100} % and ${rule.floor} bytes${basis === 'tested' ? `, p < ${rule.alpha}, |delta| >= ${rule.delta}` : ''}.`],
    columns: [
      { key: 'figure', label: 'Figure' }, { key: 'moment', label: 'Moment' }, { key: 'unit', label: 'Unit' }, { key: 'a', label: `Median of ${a.name}` }, { key: 'b', label: `Median of ${b.name}` },
      { key: 'difference', label: 'Difference', definition: 'median of the second less that of the first' }, { key: 'change', label: 'Change', definition: 'difference over the first median' },
      { key: 'changeLow', label: 'Change, low end of 95 %' }, { key: 'changeHigh', label: 'Change, high end of 95 %' }, { key: 'p', label: 'p', definition: 'one-sided Mann-Whitney; of primary figures adjusted by Holm' },
      { key: 'delta', label: "Cliff's delta" }, { key: 'verdict', label: 'Verdict' }, { key: 'detectable', label: 'Smallest growth seen with 80 % power' }, { key: 'formula', label: 'Formula' },
    ],
    rows: rows.map((row): ShownValue[] => [
      row.figure.label, row.figure.moment, row.figure.unit, row.a.median, row.b.median, row.difference, row.change,
      row.changeInterval?.low ?? null, row.changeInterval?.high ?? null, row.adjustedP ?? row.p, row.delta, row.verdict, row.detectable, row.figure.formula,
    ]),
  }
}

const BYTES = { unit: 'bytes' } as const

export function causesTable(by: string, { causes, offsets, coveredShare, change }: RankedCauses, ratio: ChangeExplanation['ratio']): ShownTable {
  const notes = [
    ...(coveredShare === null ? ['The footprints are equal.'] : [`The causes cover ${(coveredShare * 100).toFixed(1)} % of ${change} bytes.`]),
    ...(ratio === null ? [] : [`Footprint over live bytes changed by ${ratio.change}: ${ratio.footprintEffect} by the footprint, ${ratio.demandEffect} by the demand.`]),
  ]
  return {
    title: `Causes by ${by.toLowerCase()}`,
    notes,
    columns: [
      { key: 'cause', label: 'Cause' }, { key: 'against', label: 'Against the change' }, { key: 'live', label: 'Live', ...BYTES }, { key: 'header', label: 'Headers', ...BYTES }, { key: 'rounding', label: 'Rounding', ...BYTES },
      { key: 'pinned', label: 'Pinned', ...BYTES, definition: 'free bytes kept from being given back, by Shapley share' }, { key: 'together', label: 'Together', ...BYTES },
    ],
    rows: [...causes.map((cause) => ({ cause, isAgainst: false })), ...offsets.map((cause) => ({ cause, isAgainst: true }))].map(({ cause, isAgainst }): ShownValue[] =>
      [cause.key, isAgainst, cause.live, cause.header, cause.rounding, cause.pinned, cause.contribution]),
  }
}

export function costsTable(by: string, rows: readonly CostDifference[], total: number): ShownTable {
  const sides = ['a', 'b'] as const
  const parts = ['blocks', 'live', 'header', 'rounding', 'pinned'] as const
  return {
    title: `Costs by ${by.toLowerCase()}`,
    notes: leftOut(rows.length, total),
    columns: [
      { key: 'group', label: 'Group' },
      ...sides.flatMap((side) => parts.map((part) => ({ key: `${part}${side.toUpperCase()}`, label: `${part} ${side.toUpperCase()}`, ...(part === 'blocks' ? {} : BYTES) }))),
      { key: 'change', label: 'Change', ...BYTES },
    ],
    rows: rows.map((row): ShownValue[] => [row.key, ...sides.flatMap((side) => parts.map((part) => row[side][part])), row.change]),
  }
}

export function matchesTable(by: string, rows: readonly MatchGroup[], total: number): ShownTable {
  return {
    title: 'Blocks matched',
    notes: [`Matched by ${by}.`, ...leftOut(rows.length, total)],
    columns: [
      { key: 'size', label: 'Size', ...BYTES }, { key: 'site', label: 'Call site' }, { key: 'a', label: 'A' }, { key: 'b', label: 'B' }, { key: 'matched', label: 'Matched' }, { key: 'gone', label: 'Gone' }, { key: 'new', label: 'New' },
      { key: 'bytesA', label: 'Bytes of A', ...BYTES }, { key: 'bytesB', label: 'Bytes of B', ...BYTES },
    ],
    rows: rows.map((row): ShownValue[] => [row.sizeBytes ?? null, row.site ?? null, row.countA, row.countB, row.matched, row.gone, row.added, row.bytesA, row.bytesB]),
  }
}

const leftOut = (rows: number, total: number): string[] => (rows < total ? [`${total - rows} more rows are left out.`] : [])

/** Rows of a table that are saved at most; the engine answers no longer page. */
export const MOST_SAVED = 10_000
