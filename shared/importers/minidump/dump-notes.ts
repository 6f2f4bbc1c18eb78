import type { Note } from '../../model/trace'

/** What was unusual about a dump, one note per code with a count and the first offset. */
export class DumpNotes {
  readonly #notes = new Map<string, { note: Note; count: number }>()
  /** True once something of the file could not be read. */
  isPartial = false

  add(code: string, text: string, firstOffset?: number): void {
    const known = this.#notes.get(code)
    if (known !== undefined) known.count++
    else this.#notes.set(code, { note: { code, count: 1, text, ...(firstOffset === undefined ? {} : { firstOffset }) }, count: 1 })
  }

  partial(code: string, text: string, firstOffset?: number): void {
    this.isPartial = true
    this.add(code, text, firstOffset)
  }

  toNotes(): Note[] {
    return [...this.#notes.values()].map(({ note, count }) => ({ ...note, count }))
  }
}
