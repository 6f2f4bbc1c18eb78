/*
 * Finds the objects of one list in a JSON text that comes in pieces:
 *
 *   { "coverage": "some", "blocks": [ { ... }, { ... } ] , ... }
 *   |-------- preamble -------------|  object   object    rest
 */
export interface FoundObject {
  readonly text: string
  /** 1-based place of its brace. */
  readonly line: number
  readonly column: number
}

/** An object of a block has about a hundred characters; one beyond this is something else. */
const LONGEST_OBJECT = 64 * 1024

export class ObjectList {
  /** Text before the list, without its bracket. */
  preamble = ''
  /** The list was closed. */
  isClosed = false
  line = 1
  column = 0
  #isInList = false
  #depth = 0
  #isInText = false
  #isEscaped = false
  #object = ''
  #start = { line: 0, column: 0 }

  /** True while an object or text is open. */
  get isInside(): boolean {
    return this.#depth > 0
  }

  /** Hands over each object that closes in `text`; false when what stands in the list is no object, or one is too long. */
  take(text: string, found: (object: FoundObject) => void): boolean {
    let from = 0
    for (let at = 0; at < text.length && !this.isClosed; at++) {
      const letter = text[at]!
      if (letter === '\n') {
        this.line++
        this.column = 0
      } else this.column++
      if (this.#isInText) {
        if (this.#isEscaped) this.#isEscaped = false
        else if (letter === '\\') this.#isEscaped = true
        else if (letter === '"') this.#isInText = false
      } else if (letter === '"') {
        if (this.#isInList && this.#depth === 0) return false
        this.#isInText = true
      } else if (!this.#isInList) {
        if (letter === '[') {
          this.#isInList = true
          this.preamble += text.slice(from, at)
          from = at + 1
        }
      } else if (letter === '{') {
        if (this.#depth++ === 0) {
          from = at
          this.#start = { line: this.line, column: this.column }
        }
      } else if (letter === '}') {
        if (--this.#depth < 0) return false
        if (this.#depth === 0) {
          found({ text: this.#object + text.slice(from, at + 1), ...this.#start })
          this.#object = ''
        }
      } else if (this.#depth === 0) {
        if (letter === ']') this.isClosed = true
        else if (!/[\s,]/.test(letter)) return false
      }
    }
    if (!this.#isInList) this.preamble += text.slice(from)
    else if (this.#depth > 0) this.#object += text.slice(from)
    return this.#object.length <= LONGEST_OBJECT && this.preamble.length <= LONGEST_OBJECT
  }
}
