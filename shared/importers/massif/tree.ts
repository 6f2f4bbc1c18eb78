import { NONE } from '../../base/units'
import type { Leaf } from './leaf'
import type { MassifTables } from './tables'

/** Deepest stack Valgrind can be told to keep is 500; a tree is no deeper. */
const MOST_DEPTH = 1024
const NODE = /^( *)n(\d{1,9}): (\d{1,16}) (.*)$/
/** `in 803 places, all below massif's threshold (1.00%)`, `in 1 place, below ...` */
const BELOW_THRESHOLD = /^in \d+ places?, /

interface OpenNode {
  /** Children still to come, and bytes they must still account for. */
  children: number
  bytes: number
  readonly frame: number
}

/*
 * The tree of a snapshot, root first; a level down is a caller:
 *
 *   n2: 1000 (heap allocation functions) malloc/new/new[], --alloc-fns, etc.
 *    n1: 800 0x1004: allocate (a.c:5)
 *     n0: 800 0x1040: main (a.c:12)
 *    n0: 200 in 3 places, all below massif's threshold (1.00%)
 */
export class HeapTree {
  readonly #tables: MassifTables
  #path: OpenNode[] = []
  #leaves: Leaf[] = []
  #isSound = false
  isOpen = false

  constructor(tables: MassifTables) {
    this.#tables = tables
  }

  begin(): void {
    this.#path = []
    this.#leaves = []
    this.#isSound = true
    this.isOpen = true
  }

  abandon(): void {
    this.isOpen = false
  }

  /** False when the line does not go on with the tree; such a tree is lost. */
  add(text: string): boolean {
    if (!this.#isSound) return true
    const match = NODE.exec(text)
    const isSound = match !== null && this.#addNode(match[1]!.length, Number(match[2]), Number(match[3]), match[4]!)
    this.#isSound = isSound
    return isSound
  }

  /** The leaves, or undefined when the tree does not hold together. */
  finish(): readonly Leaf[] | undefined {
    this.isOpen = false
    if (!this.#isSound || this.#path.length === 0) return undefined
    return this.#path.every(({ children, bytes }) => children === 0 && bytes === 0) ? this.#leaves : undefined
  }

  #addNode(depth: number, children: number, bytes: number, place: string): boolean {
    const path = this.#path
    if (depth > path.length || depth > MOST_DEPTH || (depth === 0 && path.length > 0) || !Number.isSafeInteger(bytes)) return false
    // What is left open below must have got all its children, and their bytes must be its own.
    for (let level = path.length - 1; level >= depth; level--) if (path[level]!.children !== 0 || path[level]!.bytes !== 0) return false
    path.length = depth
    const parent = path[depth - 1]
    if (parent !== undefined) {
      if (parent.children === 0 || parent.bytes < bytes) return false
      parent.children--
      parent.bytes -= bytes
    }
    const frame = depth === 0 ? NONE : this.#frameOf(place)
    if (depth === 0) this.#tables.allocationFunctions = place
    path.push({ children, bytes: children === 0 ? 0 : bytes, frame })
    if (children === 0 && bytes > 0) this.#leaves.push({ stack: this.#stackOfPath(), bytes })
    return true
  }

  #frameOf(place: string): number {
    return BELOW_THRESHOLD.test(place) ? this.#tables.belowThreshold : this.#tables.frames.rowOf(place)
  }

  #stackOfPath(): number {
    let row: number = NONE
    for (let level = this.#path.length - 1; level > 0; level--) row = this.#tables.sites.path(this.#path[level]!.frame, row)
    return row
  }
}
