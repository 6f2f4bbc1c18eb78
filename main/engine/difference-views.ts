import type { DumpComparison } from '../../shared/analysis/compare-dumps/compare-dumps'
import { pageDifferenceRows, placeRows, sizeDifferenceRows } from '../../shared/analysis/dump/difference-tables'
import { type RowOrder, type RowTable, RowView } from '../../shared/analysis/dump/row-table'
import type { DifferenceTable } from '../../shared/analysis/dump/table-names'
import type { Snapshot } from '../../shared/model/snapshot'
import { keepRecent } from './keep-recent'

const TABLES_KEPT = 4
const VIEWS_KEPT = 4

/** Two moments of one process, compared: lists of what became of their blocks. */
export class DifferenceViews {
  readonly a: Snapshot
  readonly b: Snapshot
  readonly comparison: DumpComparison
  readonly #tables: { readonly key: string; readonly table: RowTable }[] = []
  readonly #views: { readonly key: string; readonly view: RowView }[] = []

  constructor(a: Snapshot, b: Snapshot, comparison: DumpComparison) {
    this.a = a
    this.b = b
    this.comparison = comparison
  }

  rows(table: DifferenceTable, only: number | null, order: RowOrder | null): RowView {
    const key = JSON.stringify([table, only, order])
    return keepRecent(this.#views, (kept) => kept.key === key, () => ({ key, view: new RowView(this.#table(table, only), order ?? undefined) }), VIEWS_KEPT).view
  }

  #table(table: DifferenceTable, only: number | null): RowTable {
    const key = `${table} ${only}`
    return keepRecent(this.#tables, (kept) => kept.key === key, () => ({ key, table: this.#build(table, only) }), TABLES_KEPT).table
  }

  #build(table: DifferenceTable, only: number | null): RowTable {
    switch (table) {
      case 'places':
        return placeRows(this.comparison, this.a, this.b, only)
      case 'sizes':
        return sizeDifferenceRows(this.comparison)
      case 'pages':
        return pageDifferenceRows(this.comparison, this.b.pageBytes)
    }
  }
}
