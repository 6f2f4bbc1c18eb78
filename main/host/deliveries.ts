import type { OpenedSource } from '../../shared/ipc/host-api'

/**
 * Sources on their way to the window. They come as promises, because the engine has to know them first, and they wait
 * until the page says it can take them; their order is kept.
 */
export class Deliveries {
  readonly #send: (sources: readonly OpenedSource[]) => void
  #waiting: Promise<readonly OpenedSource[]>[] = []
  #sending: Promise<void> = Promise.resolve()
  #isPageReady = false

  constructor(send: (sources: readonly OpenedSource[]) => void) {
    this.#send = send
  }

  deliver(coming: Promise<readonly OpenedSource[]>): void {
    this.#waiting.push(coming)
    if (this.#isPageReady) this.#sending = this.#sending.then(() => this.#flush())
  }

  /** The page is ready: answers what has been waiting for it; what comes later is sent. */
  async takeWaiting(): Promise<readonly OpenedSource[]> {
    const taken = this.#waiting
    this.#waiting = []
    this.#isPageReady = true
    return (await Promise.all(taken)).flat()
  }

  /** The page is gone or loads anew. */
  pageLeft(): void {
    this.#isPageReady = false
  }

  async #flush(): Promise<void> {
    while (this.#isPageReady && this.#waiting.length > 0) {
      const next = this.#waiting[0]!
      const sources = await next
      // Meanwhile the page may have left, or a new one may have taken them itself.
      if (!this.#isPageReady || this.#waiting[0] !== next) continue
      void this.#waiting.shift()
      this.#send(sources)
    }
  }
}
