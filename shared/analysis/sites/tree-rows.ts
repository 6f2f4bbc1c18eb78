import { Column } from '../../base/column'
import { nodeAt, type CallTree } from './call-tree'

/** Rows of a tree table: the nodes whose parents are all open, each before its children. */
export interface TreeRows {
  readonly node: Int32Array
  readonly depth: Uint32Array
}

/** Everything below `root` (which is no row itself) with the nodes of `open` opened; unknown paths are passed over. */
export function listRows(tree: CallTree, root: number, open: readonly (readonly number[])[]): TreeRows {
  const isOpen = new Set(open.map((path) => nodeAt(tree, path)))
  const node = new Column('i32')
  const depth = new Column('u32')
  // Children in reverse order, so that the heaviest is taken next.
  const waiting: { node: number; depth: number }[] = []
  const push = (parent: number, at: number): void => {
    const children = tree.children(parent)
    for (let i = children.length - 1; i >= 0; i--) waiting.push({ node: children[i]!, depth: at })
  }
  push(root, 0)
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    node.push(next.node)
    depth.push(next.depth)
    if (isOpen.has(next.node)) push(next.node, next.depth + 1)
  }
  return { node: node.slice() as Int32Array, depth: depth.slice() as Uint32Array }
}

/** The path every further step of which holds at least `share` of the one before: where most of it goes. */
export function heaviestPath(tree: CallTree, root: number, share: number): number[] {
  const path: number[] = []
  for (let node = root; ; ) {
    const first = tree.children(node)[0]
    if (first === undefined || tree.weightOf(first) < share * tree.weightOf(node)) return path
    path.push(tree.keyOf(first))
    node = first
  }
}
