import { Column } from '../../base/column'
import { NONE } from '../../base/units'
import { ROOT, type MergedStacks } from './merged-stacks'

/*
 * Two trees over the same values of call paths:
 *
 *   top-down    main ─ run ─ grow      callers first: what everything below a call asked for
 *   bottom-up   grow ─ run ─ main      callees first: who asks through this function
 *
 * In both the values of the root are the document's totals, and those of a node are the sum of its children's and what
 * ends at the node. Node 0 is the root. Children come by descending weight; those without any value are left out.
 */
export interface CallTree {
  /** Frame key (frame-keys.ts); -1 at the root. */
  keyOf(node: number): number
  parentOf(node: number): number
  weightOf(node: number): number
  /** Value of a column over the node's whole path and all below it. */
  total(column: number, node: number): number
  /** Value of paths that end at the node: in a bottom-up tree those whose outermost frame it is. */
  self(column: number, node: number): number
  children(node: number): readonly number[] | Int32Array
}

/** What is added up: values by node of the merged stacks, each of paths that end exactly there. */
export interface NodeValues {
  readonly columns: readonly Float64Array[]
  /** What orders children and gives widths: 0 or more. */
  readonly weight: Float64Array
}

/** Blocks of no bytes have a count, and equal values of two documents a difference of 0 with a weight. */
function hasValue({ columns, weight }: NodeValues, node: number): boolean {
  if (weight[node]! > 0) return true
  for (const column of columns) if (column[node] !== 0) return true
  return false
}

/** One pass from the leaves to the root; about 10 ns per node and column. */
export class TopDownTree implements CallTree {
  readonly [Symbol.toStringTag] = 'TopDownTree'
  readonly #stacks: MergedStacks
  readonly #self: NodeValues
  readonly #totals: NodeValues
  readonly #children = new Map<number, Int32Array>()

  constructor(stacks: MergedStacks, self: NodeValues) {
    this.#stacks = stacks
    this.#self = self
    const sums = (values: Float64Array): Float64Array => {
      const totals = values.slice()
      const { parent } = stacks
      for (let node = totals.length - 1; node > 0; node--) totals[parent[node]!]! += totals[node]!
      return totals
    }
    this.#totals = { columns: self.columns.map(sums), weight: sums(self.weight) }
  }

  keyOf(node: number): number {
    return this.#stacks.key[node]!
  }

  parentOf(node: number): number {
    return this.#stacks.parent[node]!
  }

  weightOf(node: number): number {
    return this.#totals.weight[node]!
  }

  total(column: number, node: number): number {
    return this.#totals.columns[column]![node]!
  }

  self(column: number, node: number): number {
    return this.#self.columns[column]![node]!
  }

  children(node: number): Int32Array {
    const known = this.#children.get(node)
    if (known !== undefined) return known
    const { childStart, childList } = this.#stacks
    const weights = this.#totals.weight
    const children = childList.slice(childStart[node], childStart[node + 1]).filter((child) => hasValue(this.#totals, child))
    children.sort((a, b) => weights[b]! - weights[a]! || a - b)
    this.#children.set(node, children)
    return children
  }
}

/*
 * Made as far as it is looked at: a node owns a range of `items` (paths with a value), and when its children are asked
 * for, the range is sorted by the next caller:
 *
 *   items    [ p4 p1 p7 | p2 p9 ]        paths ending in grow | in read
 *   cursor   [ run run main | .. ]       how far up each path has been followed
 */
export class BottomUpTree implements CallTree {
  readonly [Symbol.toStringTag] = 'BottomUpTree'
  readonly #stacks: MergedStacks
  readonly #values: NodeValues
  readonly #items: Int32Array
  readonly #cursor: Int32Array
  readonly #key = new Column('i32')
  readonly #parent = new Column('i32')
  readonly #start = new Column('u32')
  readonly #end = new Column('u32')
  readonly #totals: readonly Column[]
  readonly #selves: readonly Column[]
  readonly #weight = new Column('f64')
  readonly #children = new Map<number, readonly number[]>()
  /** Group of each frame key in the range at hand, -1 outside it. */
  readonly #groupOfKey: Int32Array

  constructor(stacks: MergedStacks, values: NodeValues) {
    this.#stacks = stacks
    this.#values = values
    this.#groupOfKey = new Int32Array(stacks.frames.length).fill(NONE)
    this.#totals = values.columns.map(() => new Column('f64'))
    this.#selves = values.columns.map(() => new Column('f64'))
    const items = new Int32Array(stacks.nodes)
    let count = 0
    for (let node = 1; node < stacks.nodes; node++) {
      if (hasValue(values, node)) items[count++] = node
    }
    this.#items = items.slice(0, count)
    this.#cursor = this.#items.slice()
    this.#add(NONE, NONE, 0, count)
  }

  keyOf(node: number): number {
    return this.#key.at(node)
  }

  parentOf(node: number): number {
    return this.#parent.at(node)
  }

  weightOf(node: number): number {
    return this.#weight.at(node)
  }

  total(column: number, node: number): number {
    return this.#totals[column]!.at(node)
  }

  self(column: number, node: number): number {
    this.children(node)
    return this.#selves[column]!.at(node)
  }

  children(node: number): readonly number[] {
    const known = this.#children.get(node)
    if (known !== undefined) return known
    if (node !== ROOT) this.#climb(node)
    const children = this.#split(node)
    children.sort((a, b) => this.#weight.at(b) - this.#weight.at(a) || a - b)
    this.#children.set(node, children)
    return children
  }

  /** Moves every path of the node one caller up. */
  #climb(node: number): void {
    const { parent } = this.#stacks
    for (let i = this.#start.at(node), end = this.#end.at(node); i < end; i++) this.#cursor[i] = parent[this.#cursor[i]!]!
  }

  /** Sorts the range by the key at the cursor and makes a node of every group; paths that have ended stand first. */
  #split(node: number): number[] {
    const { key } = this.#stacks
    const start = this.#start.at(node)
    const end = this.#end.at(node)
    const groupOfKey = this.#groupOfKey
    const keys: number[] = []
    const sizes: number[] = []
    let ended = 0
    for (let i = start; i < end; i++) {
      const at = this.#cursor[i]!
      if (at === ROOT) {
        ended++
        continue
      }
      const k = key[at]!
      if (groupOfKey[k] === NONE) {
        groupOfKey[k] = keys.push(k) - 1
        sizes.push(0)
      }
      sizes[groupOfKey[k]!]!++
    }
    const next: number[] = []
    let place = ended
    for (const size of sizes) {
      next.push(place)
      place += size
    }
    const items = this.#items.slice(start, end)
    const cursors = this.#cursor.slice(start, end)
    let nextEnded = 0
    for (let i = 0; i < items.length; i++) {
      const at = cursors[i]!
      const to = start + (at === ROOT ? nextEnded++ : next[groupOfKey[key[at]!]!]!++)
      this.#items[to] = items[i]!
      this.#cursor[to] = at
    }
    for (const k of keys) groupOfKey[k] = NONE
    this.#selves.forEach((column, c) => column.set(node, this.#sum(this.#values.columns[c]!, start, start + ended)))
    return keys.map((k, group) => this.#add(k, node, start + next[group]! - sizes[group]!, start + next[group]!))
  }

  #add(key: number, parent: number, start: number, end: number): number {
    this.#key.push(key)
    this.#parent.push(parent)
    this.#start.push(start)
    this.#end.push(end)
    this.#weight.push(this.#sum(this.#values.weight, start, end))
    this.#values.columns.forEach((values, c) => {
      this.#totals[c]!.push(this.#sum(values, start, end))
      this.#selves[c]!.push(0)
    })
    return this.#key.length - 1
  }

  #sum(values: Float64Array, start: number, end: number): number {
    let sum = 0
    for (let i = start; i < end; i++) sum += values[this.#items[i]!]!
    return sum
  }
}

/** Node at the end of a path of frame keys from the root; NONE when the tree has no such path. */
export function nodeAt(tree: CallTree, path: readonly number[]): number {
  let node: number = ROOT
  for (const key of path) {
    const found = tree.children(node).find((child: number) => tree.keyOf(child) === key)
    if (found === undefined) return NONE
    node = found
  }
  return node
}

/** Frame keys from the root to the node; [] at the root. */
export function pathOf(tree: CallTree, node: number): number[] {
  const path: number[] = []
  for (let at = node; at > ROOT; at = tree.parentOf(at)) path.push(tree.keyOf(at))
  return path.reverse()
}
