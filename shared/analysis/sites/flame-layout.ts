import { Column } from '../../base/column'
import { NONE } from '../../base/units'
import type { CallTree } from './call-tree'

/*
 * Boxes of a flame graph below (and with) one node of a call tree, depth by depth in flat arrays:
 *
 *   depth 0   [ root                          ]     boxes depthStart[0] .. depthStart[1]
 *   depth 1   [ main              ][ start    ]
 *   depth 2   [ run      ][ read ]                  what ends at main itself stays empty at its right
 *
 * `from` and `to` are in weight, 0 .. weight of the root.
 */
export interface FlameLayout {
  /** First box of each depth, and at the end the number of boxes. */
  readonly depthStart: Uint32Array
  readonly node: Int32Array
  /** Box of the caller (callee in a bottom-up tree); -1 for the root. */
  readonly parent: Int32Array
  readonly from: Float64Array
  readonly to: Float64Array
  readonly weight: number
  /** True when boxes below `leastWeight`, deeper than `mostDepth` or beyond `mostBoxes` were left out. */
  readonly isCut: boolean
}

export interface FlameLimits {
  /** Narrower boxes are left out with all below them: nobody could see them. */
  readonly leastWeight: number
  readonly mostDepth: number
  readonly mostBoxes: number
}

export function layoutFlame(tree: CallTree, root: number, limits: FlameLimits): FlameLayout {
  const node = new Column('i32')
  const parent = new Column('i32')
  const from = new Column('f64')
  const to = new Column('f64')
  const depthStart = [0]
  let isCut = false
  const weight = tree.weightOf(root)
  node.push(root)
  parent.push(NONE)
  from.push(0)
  to.push(weight)
  for (let depth = 1; ; depth++) {
    const first = depthStart[depth - 1]!
    const end = node.length
    depthStart.push(end)
    if (end === first) break
    if (depth > limits.mostDepth) {
      for (let box = first; box < end && !isCut; box++) isCut = tree.children(node.at(box)).length > 0
      break
    }
    for (let box = first; box < end; box++) {
      let at = from.at(box)
      for (const child of tree.children(node.at(box))) {
        const width = tree.weightOf(child)
        if (width < limits.leastWeight || node.length >= limits.mostBoxes) {
          // Children come by descending weight: none behind is wider.
          isCut = true
          break
        }
        node.push(child)
        parent.push(box)
        from.push(at)
        at += width
        to.push(at)
      }
    }
  }
  if (depthStart.length > 1 && depthStart.at(-1) === depthStart.at(-2)) depthStart.pop()
  return {
    depthStart: Uint32Array.from(depthStart),
    node: node.slice() as Int32Array,
    parent: parent.slice() as Int32Array,
    from: from.slice() as Float64Array,
    to: to.slice() as Float64Array,
    weight,
    isCut,
  }
}
