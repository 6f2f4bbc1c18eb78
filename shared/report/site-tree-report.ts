import { ROOT } from '../analysis/sites/merged-stacks'
import type { NamedFrame } from '../analysis/sites/frame-keys'
import type { SiteMeasure } from '../analysis/sites/site-measures'
import type { SiteTreeQuery, StudiedTree } from '../analysis/sites/site-study'
import { formatCount, formatPercent, formatSigned } from './format-number'
import { textTable } from './text-table'

/* A call tree as text and JSON, for the command line. */

export interface SiteTreeReport {
  readonly studied: StudiedTree
  readonly measure: SiteMeasure
  readonly query: SiteTreeQuery
  /** Names of the files; of a difference the one before and the one after. */
  readonly files: readonly string[]
  readonly title: string
  /** Nodes with less than this share of the weight of all are left out with all below them. */
  readonly leastShare: number
}

interface ShownNode {
  readonly node: number
  readonly depth: number
}

/** Nodes in the order of the tree, each before its children, the heaviest first; and whether any was left out. */
function shownNodes({ studied: { tree }, leastShare }: SiteTreeReport): { readonly nodes: ShownNode[]; readonly isCut: boolean } {
  const least = leastShare * tree.weightOf(ROOT)
  const nodes: ShownNode[] = []
  let isCut = false
  const waiting: ShownNode[] = [{ node: ROOT, depth: -1 }]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next.node !== ROOT) nodes.push(next)
    const wide = [...tree.children(next.node)].filter((child) => tree.weightOf(child) >= least)
    if (wide.length < tree.children(next.node).length) isCut = true
    for (const child of wide.reverse()) waiting.push({ node: child, depth: next.depth + 1 })
  }
  return { nodes, isCut }
}

type Figures = Readonly<Record<string, number>>

function figures({ studied: { tree, columns } }: SiteTreeReport, node: number, of: 'total' | 'self'): Figures {
  const value = (column: number): number => tree[of](column, node)
  return { bytes: value(0), count: value(1), ...(columns === 4 ? { bytesBefore: value(2), countBefore: value(3) } : {}) }
}

export function siteTreeJson(report: SiteTreeReport): Record<string, unknown> {
  const { studied, measure, query, files, leastShare } = report
  const { nodes, isCut } = shownNodes(report)
  return {
    file: files.at(-1),
    before: files.length > 1 ? files[0] : null,
    measure: { id: measure.id, title: measure.title, meaning: measure.meaning, unit: measure.unit, counted: measure.counted },
    event: query.event,
    filter: query.filter,
    tree: query.direction,
    unit: query.unit,
    detail: query.detail,
    leastShare,
    cut: isCut,
    total: figures(report, ROOT, 'total'),
    nodes: nodes.map(({ node, depth }) => {
      const { name, module, file, line, isInlined } = studied.stacks.frames.frame(studied.tree.keyOf(node))
      return { depth, name, module, file, line: line === 0 ? null : line, inlined: isInlined, total: figures(report, node, 'total'), self: figures(report, node, 'self') }
    }),
  }
}

const lastPart = (path: string): string => path.slice(path.search(/[^/\\]*$/))

function placeOf({ module, file, line }: NamedFrame): string {
  const source = file === '' ? '' : `${lastPart(file)}${line > 0 ? `:${line}` : ''}`
  return [lastPart(module), source].filter((text) => text !== '').join(', ')
}

/** Indented rows with their figures; in a difference what is more or less beside what is. */
export function siteTreeText(report: SiteTreeReport): string {
  const { studied, measure, query } = report
  const { tree, columns } = studied
  const isDifference = columns === 4
  const { nodes, isCut } = shownNodes(report)
  const whole = tree.weightOf(ROOT)
  const counted = measure.counted
  const cells = (node: number): string[] => {
    const value = (column: number): string => formatCount(Math.round(tree.total(column, node)))
    const change = (column: number): string => formatSigned(Math.round(tree.total(column, node) - tree.total(column + 2, node)))
    const first = isDifference ? [change(0), value(0)] : [value(0), formatPercent(whole > 0 ? tree.weightOf(node) / whole : null)]
    return counted === '' ? first : [...first, ...(isDifference ? [change(1)] : []), value(1)]
  }
  const heads = isDifference ? [`more ${measure.unit}`, measure.unit] : [measure.unit, 'share']
  const head = [...heads, ...(counted === '' ? [] : isDifference ? [`more ${counted}`, counted] : [counted]), query.direction === 'top-down' ? 'function, and what it calls' : 'function, and who calls it']
  const rows = nodes.map(({ node, depth }) => {
    const frame = studied.stacks.frames.frame(tree.keyOf(node))
    const place = placeOf(frame)
    return [...cells(node), `${'  '.repeat(depth)}${frame.name}${place === '' ? '' : `  (${place})`}`]
  })
  const total = [...cells(ROOT), 'all']
  const facts = [report.title, measure.meaning, ...(query.filter === '' ? [] : [`Only paths through: ${query.filter}`])]
  const cut = isCut ? `\n\nBelow ${formatPercent(report.leastShare)} of the whole: not shown (--least).` : ''
  return `${facts.join('\n')}\n\n${textTable([head, total, ...rows], [head.length - 1])}${cut}`
}
