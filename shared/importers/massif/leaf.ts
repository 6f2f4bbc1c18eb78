/** What a path of calls had: the leaf of a tree. */
export interface Leaf {
  /** Row in the stack table, innermost; NONE when the tree is its root alone. */
  readonly stack: number
  readonly bytes: number
}
