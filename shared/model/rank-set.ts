import { NONE } from '../base/units'

/*
 * A set of whole numbers below a fixed size, with neighbours found in a few steps: bitmaps over bitmaps.
 *
 *   level 1            1               0              bit k: word k of level 0 is not empty
 *   level 0   00100000 00000010   00000000 00000000   bit n: n is in the set
 */
export class RankSet {
  readonly #levels: Uint32Array[] = []

  constructor(size: number) {
    let bits = Math.max(1, size)
    do {
      bits = Math.ceil(bits / 32)
      this.#levels.push(new Uint32Array(bits))
    } while (bits > 1)
  }

  add(rank: number): void {
    for (const words of this.#levels) {
      words[rank >>> 5]! |= 1 << (rank & 31)
      rank >>>= 5
    }
  }

  delete(rank: number): void {
    for (const words of this.#levels) {
      words[rank >>> 5]! &= ~(1 << (rank & 31))
      if (words[rank >>> 5] !== 0) return
      rank >>>= 5
    }
  }

  /** Smallest member that is at least `rank`, or NONE. */
  from(rank: number): number {
    for (let level = 0; level < this.#levels.length; level++) {
      const words = this.#levels[level]!
      if (rank >>> 5 >= words.length) return NONE
      const rest = words[rank >>> 5]! & (-1 << (rank & 31))
      if (rest !== 0) return this.#descend(level, ((rank >>> 5) << 5) | (31 - Math.clz32(rest & -rest)), false)
      rank = (rank >>> 5) + 1
    }
    return NONE
  }

  /** Largest member below `rank`, or NONE. */
  before(rank: number): number {
    rank -= 1
    for (let level = 0; level < this.#levels.length && rank >= 0; level++) {
      const rest = this.#levels[level]![rank >>> 5]! & (0xffffffff >>> (31 - (rank & 31)))
      if (rest !== 0) return this.#descend(level, ((rank >>> 5) << 5) | (31 - Math.clz32(rest)), true)
      rank = (rank >>> 5) - 1
    }
    return NONE
  }

  /** From a set bit of a level down to the last or first member under it. */
  #descend(level: number, rank: number, last: boolean): number {
    while (level > 0) {
      level--
      const word = this.#levels[level]![rank]!
      rank = (rank << 5) | (31 - Math.clz32(last ? word : word & -word))
    }
    return rank
  }
}
