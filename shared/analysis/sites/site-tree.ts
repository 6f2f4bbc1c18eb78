import { assert } from '../../base/assert'
import { BottomUpTree, TopDownTree, type CallTree, type NodeValues } from './call-tree'
import { ROOT, type KeptSites, type MergedStacks } from './merged-stacks'
import type { SiteValues } from './site-measures'

export const SITE_UNITS = ['bytes', 'count'] as const
/** What orders and widths go by. */
export type SiteUnit = (typeof SITE_UNITS)[number]
export const TREE_DIRECTIONS = ['top-down', 'bottom-up'] as const
export type TreeDirection = (typeof TREE_DIRECTIONS)[number]

/** Columns of the trees below; the last two only when two documents are held against each other. */
export const SiteColumn = { Bytes: 0, Count: 1, BaseBytes: 2, BaseCount: 3 } as const

export interface TreeWish {
  readonly unit: SiteUnit
  readonly direction: TreeDirection
  /** Undefined keeps everything. */
  readonly kept?: KeptSites | undefined
}

/**
 * The tree of one document (`values` holds one), or of the difference of two: then `values[0]` is the document looked at
 * and `values[1]` the one it is held against. A difference has as its weight the greater of both values, path by path,
 * so that what went away has a width as well as what came. So has a document that is a difference itself.
 */
export function buildSiteTree(stacks: MergedStacks, values: readonly SiteValues[], { unit, direction, kept }: TreeWish): CallTree {
  assert(values.length === stacks.nodeOfSite.length && values.length <= 2, 'one set of values for each merged document')
  const columns = values.flatMap((of, document) => columnsByNode(stacks, document, of, kept))
  const less = values.length === 1 ? values[0]!.less : undefined
  if (less !== undefined) columns.push(...columnsByNode(stacks, 0, { ...less, heapBytes: 0 }, kept))
  const shown = columns[unit === 'bytes' ? SiteColumn.Bytes : SiteColumn.Count]!
  const base = columns[unit === 'bytes' ? SiteColumn.BaseBytes : SiteColumn.BaseCount]
  const weight = base === undefined ? shown : shown.map((value, node) => Math.max(value, base[node]!))
  const self: NodeValues = { columns, weight }
  return direction === 'top-down' ? new TopDownTree(stacks, self) : new BottomUpTree(stacks, self)
}

function columnsByNode(stacks: MergedStacks, document: number, { bytes, count, heapBytes }: SiteValues, kept: KeptSites | undefined): [Float64Array, Float64Array] {
  const nodeOf = stacks.nodeOfSite[document]!
  const bytesOf = new Float64Array(stacks.nodes)
  const countOf = new Float64Array(stacks.nodes)
  const isKept = kept?.sites[document]
  for (let slot = 0; slot < nodeOf.length; slot++) {
    if (isKept !== undefined && isKept[slot] === 0) continue
    const node = nodeOf[slot]!
    bytesOf[node]! += bytes[slot]!
    countOf[node]! += count[slot]!
  }
  if (kept?.heap !== false) bytesOf[stacks.heapNode]! += heapBytes
  return [bytesOf, countOf]
}

/** Sum of a column over the whole tree. */
export const treeTotal = (tree: CallTree, column: number): number => tree.total(column, ROOT)
