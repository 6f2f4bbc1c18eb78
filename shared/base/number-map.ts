/*
 * Open addressing over two typed arrays, linear probing:
 *
 *   keys    [  .  | k7 | k3 | . | k9 | . ]     EMPTY (-1) marks a free place, so keys are 0 or more
 *   values  [  .  | v7 | v3 | . | v9 | . ]
 *
 * A Map with number keys costs about seven times as much per event at millions of live blocks.
 */
const EMPTY = -1
const FIRST_PLACES = 1024

/** Numbers (addresses, ids: integers from 0 to below 2^53) to row numbers (0 to 0xfffffffe). */
export class NumberMap {
  readonly [Symbol.toStringTag] = 'NumberMap'
  #keys = new Float64Array(FIRST_PLACES).fill(EMPTY)
  #values = new Uint32Array(FIRST_PLACES)
  #mask = FIRST_PLACES - 1
  #size = 0

  get size(): number {
    return this.#size
  }

  /** The value, or -1 when the key is absent. */
  get(key: number): number {
    const keys = this.#keys
    const mask = this.#mask
    for (let place = home(key, mask); ; place = (place + 1) & mask) {
      const found = keys[place]!
      if (found === key) return this.#values[place]!
      if (found === EMPTY) return -1
    }
  }

  set(key: number, value: number): void {
    const keys = this.#keys
    const mask = this.#mask
    let place = home(key, mask)
    while (keys[place] !== key) {
      if (keys[place] === EMPTY) {
        keys[place] = key
        this.#values[place] = value
        this.#size++
        // Above half full the probe chains of linear probing grow quickly.
        if (this.#size * 2 > mask) this.#double()
        return
      }
      place = (place + 1) & mask
    }
    this.#values[place] = value
  }

  /** Removes the key and returns its value, or -1 when it was absent. */
  take(key: number): number {
    const keys = this.#keys
    const mask = this.#mask
    let place = home(key, mask)
    while (keys[place] !== key) {
      if (keys[place] === EMPTY) return -1
      place = (place + 1) & mask
    }
    const value = this.#values[place]!
    this.#closeGap(place)
    this.#size--
    return value
  }

  /** Every key with its value, in no order. */
  forEach(visit: (key: number, value: number) => void): void {
    for (let place = 0; place < this.#keys.length; place++) {
      const key = this.#keys[place]!
      if (key !== EMPTY) visit(key, this.#values[place]!)
    }
  }

  /** Moves later members of the chain back, so that no deleted marks pile up over millions of frees. */
  #closeGap(gap: number): void {
    const keys = this.#keys
    const values = this.#values
    const mask = this.#mask
    for (let place = (gap + 1) & mask; keys[place] !== EMPTY; place = (place + 1) & mask) {
      const wanted = home(keys[place]!, mask)
      if (((place - wanted) & mask) >= ((place - gap) & mask)) {
        keys[gap] = keys[place]!
        values[gap] = values[place]!
        gap = place
      }
    }
    keys[gap] = EMPTY
  }

  #double(): void {
    const oldKeys = this.#keys
    const oldValues = this.#values
    const places = oldKeys.length * 2
    const mask = places - 1
    const keys = new Float64Array(places).fill(EMPTY)
    const values = new Uint32Array(places)
    for (let old = 0; old < oldKeys.length; old++) {
      const key = oldKeys[old]!
      if (key === EMPTY) continue
      let place = home(key, mask)
      while (keys[place] !== EMPTY) place = (place + 1) & mask
      keys[place] = key
      values[place] = oldValues[old]!
    }
    this.#keys = keys
    this.#values = values
    this.#mask = mask
  }
}

/** First place to look: addresses are multiples of 8 or 16, so the low bits alone would leave most places unused. */
function home(key: number, mask: number): number {
  const low = key >>> 0
  const high = (key / 4294967296) | 0
  const mixed = Math.imul(low ^ Math.imul(high, 0x85ebca6b), 0x9e3779b1)
  return (mixed ^ (mixed >>> 15)) & mask
}
