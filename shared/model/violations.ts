const LISTED = 50

/** Violations in the order found; after the first 50 only a count is kept, so that a broken file of millions of rows gives a short list. */
export class Violations {
  readonly #first: string[] = []
  #more = 0

  add(text: string): void {
    if (this.#first.length < LISTED) this.#first.push(text)
    else this.#more++
  }

  get list(): string[] {
    return this.#more === 0 ? this.#first.slice() : [...this.#first, `and ${this.#more} more violations`]
  }
}
