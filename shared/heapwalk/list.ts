import type { Address } from '../base/units'
import type { Bits } from './layouts/structure-table'
import type { MemoryView } from './memory-view'

export interface ListWalk {
  /** Addresses of the links, in order, the head not among them. */
  readonly nodes: readonly Address[]
  /** What ended it before it came back to its head; undefined for a sound list. */
  readonly broken: 'unreadable' | 'cycle' | 'backward link differs' | 'too long' | undefined
  /** The node or head where that was seen. */
  readonly at: Address
}

/** A doubly linked circular list from its head; ends at the first thing that is wrong. */
export function walkList(view: MemoryView, head: Address, bits: Bits, limit: number): ListWalk {
  const word = bits / 8
  const nodes: Address[] = []
  const seen = new Set<Address>()
  let previous = head
  for (let node = view.pointer(head, bits); node !== head; node = view.pointer(node, bits)) {
    if (!(node > 0)) return { nodes, broken: 'unreadable', at: previous }
    if (seen.has(node)) return { nodes, broken: 'cycle', at: node }
    if (nodes.length === limit) return { nodes, broken: 'too long', at: node }
    const back = view.pointer(node + word, bits)
    if (Number.isNaN(back)) return { nodes, broken: 'unreadable', at: node }
    if (back !== previous) return { nodes, broken: 'backward link differs', at: node }
    seen.add(node)
    nodes.push(node)
    previous = node
  }
  return { nodes, broken: undefined, at: head }
}

/**
 * The same from both ends: behind a broken link the rest is found by the links back, so that one damaged link loses
 * nothing. `nodes` are in order as far as both ways tell; `broken` and `at` are those of the way forward.
 */
export function walkListBothWays(view: MemoryView, head: Address, bits: Bits, limit: number): ListWalk {
  const forward = walkList(view, head, bits, limit)
  if (forward.broken === undefined) return forward
  const known = new Set(forward.nodes)
  const back: Address[] = []
  for (let node = view.pointer(head + bits / 8, bits); node > 0 && node !== head && !known.has(node) && known.size < limit; node = view.pointer(node + bits / 8, bits)) {
    // A node of the list can be read; what lies beyond a stray link cannot be told from one otherwise, and its owner checks it.
    if (Number.isNaN(view.pointer(node, bits))) break
    known.add(node)
    back.push(node)
  }
  return { ...forward, nodes: [...forward.nodes, ...back.reverse()] }
}
