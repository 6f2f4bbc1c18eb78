/*
 * Which module's code lies at an address, as the recorder's `m` records say:
 *
 *   m NAME BASE (OFFSET SIZE)...      each pair is a loaded piece at BASE + OFFSET
 */
interface Piece {
  readonly start: number
  readonly end: number
  readonly module: string
}

export class ModuleMap {
  #pieces: Piece[] = []
  #sorted = true

  /** The loader's list is written anew whenever it changed. */
  clear(): void {
    this.#pieces = []
  }

  add(module: string, start: number, bytes: number): void {
    this.#pieces.push({ start, end: start + bytes, module })
    this.#sorted = false
  }

  /** "" when no module lies there. */
  moduleAt(address: number): string {
    if (!this.#sorted) {
      this.#pieces.sort((a, b) => a.start - b.start)
      this.#sorted = true
    }
    let low = 0
    let high = this.#pieces.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#pieces[middle]!.start <= address) low = middle + 1
      else high = middle
    }
    const piece = this.#pieces[low - 1]
    return piece !== undefined && address < piece.end ? piece.module : ''
  }
}
