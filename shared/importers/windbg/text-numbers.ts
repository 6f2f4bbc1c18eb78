/** Texts by number, in order of first use. */
export class TextNumbers {
  readonly texts: string[] = []
  readonly #numbers = new Map<string, number>()

  of(text: string): number {
    let number = this.#numbers.get(text)
    if (number === undefined) this.#numbers.set(text, (number = this.texts.push(text) - 1))
    return number
  }
}
