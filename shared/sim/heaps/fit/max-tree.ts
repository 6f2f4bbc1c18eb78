/*
 * Largest value over a row of positions, as levels of eight:
 *
 *   levels[2]  [ 96 ]
 *   levels[1]  [ 40        96        0 ...]
 *   levels[0]  [ 0 40 8 ...| 96 0 .. | ...]      leaf i = value at position i; 0 = nothing there
 *
 * Eight Float64 fill one cache line, so a search or an update touches one line per level: 7 levels hold 2 Mi positions.
 */
const FAN_SHIFT = 3
const FAN = 1 << FAN_SHIFT

export class MaxTree {
  levels: Float64Array[] = []

  constructor(positions: number) {
    this.#build(new Float64Array(roundToFan(positions)))
  }

  get positions(): number {
    return this.levels[0]!.length
  }

  /** Keeps the values of the first positions. */
  resize(positions: number): void {
    const leaves = new Float64Array(roundToFan(positions))
    const old = this.levels[0]!
    leaves.set(old.length > leaves.length ? old.subarray(0, leaves.length) : old)
    this.#build(leaves)
  }

  /** Replaces all values; `leaves` is kept and must have a length that is a multiple of eight. */
  assign(leaves: Float64Array): void {
    this.#build(leaves)
  }

  at(position: number): number {
    return this.levels[0]![position]!
  }

  set(position: number, newValue: number): void {
    const levels = this.levels
    const leaves = levels[0]!
    let old = leaves[position]!
    let value = newValue
    leaves[position] = value
    let below = leaves
    for (let depth = 1; depth < levels.length; depth++) {
      const level = levels[depth]!
      position >>>= FAN_SHIFT
      const max = level[position]!
      if (value > max) {
        level[position] = value
      } else {
        // Rising to at most the old maximum, or falling without having been the maximum, changes nothing above.
        if (value === max || old < max) return
        const first = position << FAN_SHIFT
        value = below[first]!
        for (let i = first + 1; i < first + FAN; i++) if (below[i]! > value) value = below[i]!
        if (value === max) return
        level[position] = value
      }
      old = max
      below = level
    }
  }

  /** Lowest position with a value >= `wanted` (> 0); -1 when there is none. */
  first(wanted: number): number {
    const levels = this.levels
    const top = levels.length - 1
    const root = levels[top]!
    for (let position = 0; position < root.length; position++) {
      if (root[position]! >= wanted) return this.#descendFirst(top, position, wanted)
    }
    return -1
  }

  /** Lowest position >= `from` with a value >= `wanted` (> 0); -1 when there is none. */
  firstFrom(from: number, wanted: number): number {
    const levels = this.levels
    let position = from
    for (let depth = 0; depth < levels.length; depth++) {
      const level = levels[depth]!
      const end = Math.min(level.length, (position | (FAN - 1)) + 1)
      for (; position < end; position++) if (level[position]! >= wanted) return this.#descendFirst(depth, position, wanted)
      position = end >>> FAN_SHIFT
    }
    return -1
  }

  /** Highest position with a value >= `wanted` (> 0); -1 when there is none. */
  last(wanted: number): number {
    const levels = this.levels
    let depth = levels.length - 1
    let level = levels[depth]!
    let position = level.length - 1
    while (position >= 0 && level[position]! < wanted) position--
    if (position < 0) return -1
    while (depth > 0) {
      level = levels[--depth]!
      position = (position << FAN_SHIFT) | (FAN - 1)
      while (level[position]! < wanted) position--
    }
    return position
  }

  #descendFirst(depth: number, position: number, wanted: number): number {
    while (depth > 0) {
      const level = this.levels[--depth]!
      position <<= FAN_SHIFT
      while (level[position]! < wanted) position++
    }
    return position
  }

  #build(leaves: Float64Array): void {
    this.levels = [leaves]
    let below = leaves
    while (below.length > FAN) {
      const used = below.length >>> FAN_SHIFT
      const level = new Float64Array(roundToFan(used))
      for (let i = 0; i < below.length; i++) {
        const parent = i >>> FAN_SHIFT
        if (below[i]! > level[parent]!) level[parent] = below[i]!
      }
      this.levels.push(level)
      below = level
    }
  }
}

const roundToFan = (positions: number): number => Math.max(FAN, Math.ceil(positions / FAN) * FAN)
