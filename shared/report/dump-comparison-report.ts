import type { DumpComparison } from '../analysis/compare-dumps/compare-dumps'
import { PLACE_CHANGE_NAMES } from '../analysis/compare-dumps/match-by-place'
import { formatCount } from './format-number'
import { textTable } from './text-table'

/** Rows of sizes and pages that the text shows; JSON has all sizes and at most MOST_PAGES pages. */
const SHOWN = 12
const MOST_PAGES = 10_000

/** Keys as docs/cli.md lists them. */
export function dumpComparisonJson({ changes, contentCompared, heaps, sizes, pages }: DumpComparison): object {
  return { changes, contentCompared, heaps, sizes, pages: pages.slice(0, MOST_PAGES), pagesLeftOut: Math.max(0, pages.length - MOST_PAGES) }
}

export function dumpComparisonText({ changes, contentCompared, heaps, sizes, pages }: DumpComparison): string {
  const counts = (of: DumpComparison['changes']): string[] => PLACE_CHANGE_NAMES.map((name) => formatCount(of[name]))
  const hex = (address: number): string => `0x${address.toString(16)}`
  const parts = [
    `${PLACE_CHANGE_NAMES.map((name) => `${formatCount(changes[name])} ${name}`).join(', ')}; the bytes of ${formatCount(contentCompared)} blocks were compared.`,
    textTable([['heap', 'in', 'blocks A', 'blocks B', 'bytes A', 'bytes B', ...PLACE_CHANGE_NAMES], ...heaps.map((heap) => [hex(heap.address), heap.presence, ...[heap.blocksA, heap.blocksB, heap.bytesA, heap.bytesB].map(formatCount), ...counts(heap.changes)])], [0, 1]),
    textTable([['size', 'in A', 'in B', ...PLACE_CHANGE_NAMES], ...sizes.filter(({ countA, countB }) => countA !== countB).slice(0, SHOWN).map((size) => [formatCount(size.size), formatCount(size.countA), formatCount(size.countB), ...counts(size.changes)])], []),
    textTable([['page', ...PLACE_CHANGE_NAMES], ...pages.slice(0, SHOWN).map(({ page, changes: of }) => [hex(page), ...counts(of)])]),
    ...(pages.length > SHOWN ? [`and ${formatCount(pages.length - SHOWN)} more pages`] : []),
  ]
  return parts.join('\n\n')
}
