import type { Note } from './trace'

/** One kind of defect being counted; `hit` is cheap enough for a loop over events. */
export class NoteCounter {
  readonly code: string
  readonly text: string
  count = 0
  firstLine: number | undefined
  firstOffset: number | undefined

  constructor(code: string, text: string) {
    this.code = code
    this.text = text
  }

  hit(line: number): void {
    if (this.count++ === 0) this.firstLine = line
  }

  /** For content without lines. */
  hitAt(offset: number): void {
    if (this.count++ === 0) this.firstOffset = offset
  }
}

/** The notes an importer gathers: kinds are declared once, and those never hit are left out. */
export class NoteList {
  readonly #counters: NoteCounter[] = []

  /** `code` in stable kebab-case; `text` one sentence that holds for any count. */
  kind(code: string, text: string): NoteCounter {
    const counter = new NoteCounter(code, text)
    this.#counters.push(counter)
    return counter
  }

  toNotes(): Note[] {
    return this.#counters
      .filter((counter) => counter.count > 0)
      .map(({ code, count, text, firstLine, firstOffset }) => ({
        code, count, text, ...(firstLine === undefined ? {} : { firstLine }), ...(firstOffset === undefined ? {} : { firstOffset }),
      }))
  }
}
