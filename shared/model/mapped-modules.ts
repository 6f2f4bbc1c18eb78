/** Short form of a line, with the path alone; and one of /proc/PID/maps: range, rights, offset, device, inode and perhaps a path. */
const BRIEF = /^([0-9a-f]{1,16})-([0-9a-f]{1,16}): (.+)$/
/** `source=/home`: later paths may begin with `$source`. */
const ATTRIBUTE = /^([a-z]+)=(.*)$/
const LINE = /^([0-9a-f]{1,16})-([0-9a-f]{1,16}) [-rwxsp]{4} [0-9a-f]+ \S+ \d+(?: +(.*))?$/

interface Mapped {
  readonly start: number
  readonly end: number
  readonly path: string
}

/** Which file a code address was mapped from, as heap profiles list it at their end. */
export class MappedModules {
  readonly #mapped: Mapped[] = []
  readonly #attributes = new Map<string, string>()
  #isSorted = true

  /** False when the line is no part of a list of mapped files; ranges above 2^53 (vsyscall) are passed over. */
  add(line: string): boolean {
    const text = line.trim()
    const [, name, value] = ATTRIBUTE.exec(text) ?? []
    if (name !== undefined) {
      this.#attributes.set(name, value!)
      return true
    }
    const match = LINE.exec(text) ?? BRIEF.exec(text)
    if (match === null) return false
    const [start, end] = [parseInt(match[1]!, 16), parseInt(match[2]!, 16)]
    const path = (match[3] ?? '').replace(/^\$([a-z]+)/, (whole, attribute: string) => this.#attributes.get(attribute) ?? whole)
    if (path !== '') this.addRange(start, end, path)
    return true
  }

  addRange(start: number, end: number, path: string): void {
    if (!Number.isSafeInteger(end) || start >= end) return
    this.#mapped.push({ start, end, path })
    this.#isSorted = false
  }

  /** "" where nothing was mapped. */
  moduleAt(address: number): string {
    if (!this.#isSorted) this.#mapped.sort((a, b) => a.start - b.start)
    this.#isSorted = true
    let low = 0
    let high = this.#mapped.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#mapped[middle]!.start <= address) low = middle + 1
      else high = middle
    }
    const found = this.#mapped[low - 1]
    return found !== undefined && address < found.end ? found.path : ''
  }
}
