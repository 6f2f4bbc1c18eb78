/**
 * A set of small whole numbers as levels of 32-bit words: a bit on one level says that the word below holds a bit.
 * Next, last, add and delete touch one word per level (4 levels for a million numbers).
 */
export class BitTree {
  readonly #levels: Int32Array[] = []

  constructor(limit: number) {
    let words = Math.max(1, Math.ceil(limit / 32))
    this.#levels.push(new Int32Array(words))
    while (words > 1) {
      words = Math.ceil(words / 32)
      this.#levels.push(new Int32Array(words))
    }
  }

  add(value: number): void {
    for (const level of this.#levels) {
      const word = value >>> 5
      const old = level[word]!
      level[word] = old | (1 << (value & 31))
      if (old !== 0) return
      value = word
    }
  }

  delete(value: number): void {
    for (const level of this.#levels) {
      const word = value >>> 5
      const left = level[word]! & ~(1 << (value & 31))
      level[word] = left
      if (left !== 0) return
      value = word
    }
  }

  /** Smallest member >= `from`, -1 when there is none. */
  next(from: number): number {
    const levels = this.#levels
    let value = from
    for (let depth = 0; depth < levels.length; depth++) {
      const word = value >>> 5
      if (word >= levels[depth]!.length) return -1
      // A shift by the position keeps the bits at and above it.
      const bits = levels[depth]![word]! & (-1 << (value & 31))
      if (bits !== 0) return this.#descend(depth, (word << 5) | lowestBit(bits))
      value = word + 1
    }
    return -1
  }

  /** Largest member, -1 when the set is empty. */
  last(): number {
    const levels = this.#levels
    let value = 0
    for (let depth = levels.length - 1; depth >= 0; depth--) {
      const bits = levels[depth]![value]!
      if (bits === 0) return -1
      value = (value << 5) | (31 - Math.clz32(bits))
    }
    return value
  }

  #descend(depth: number, value: number): number {
    while (depth > 0) value = (value << 5) | lowestBit(this.#levels[--depth]![value]!)
    return value
  }
}

const lowestBit = (bits: number): number => 31 - Math.clz32(bits & -bits)
