import type { OpenedSource } from '../../shared/ipc/host-api'

/** Sources of one message: with long names and ways about 3 MB. */
export const MOST_SOURCES_TOLD = 1000

/**
 * Sources on their way to the window, at most MOST_SOURCES_TOLD at a time. They come as promises, because the engine has to know them first, and they wait
 * until the page says it can take them; their order is kept.
 */
export class Deliveries {
  readonly #send: (sources: readonly OpenedSource[]) => void
  #waiting: Promise<readonly OpenedSource[]>[] = []
  #sending: Promise<void> = Promise.resolve()
  #isPageReady = false
  #held: (() => void)[] = []

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
    const held = this.#held
    this.#held = []
    for (const act of held) act()
    return this.firstOf((await Promise.all(taken)).flat())
  }

  /** As many as may be told at once, for an answer; the others are sent. */
  firstOf(sources: readonly OpenedSource[]): readonly OpenedSource[] {
    if (sources.length > MOST_SOURCES_TOLD) this.deliver(Promise.resolve(sources.slice(MOST_SOURCES_TOLD)))
    return sources.slice(0, MOST_SOURCES_TOLD)
  }

  /** Does it as soon as the page hears what is sent to it; at once when it does already. */
  whenReady(act: () => void): void {
    if (this.#isPageReady) act()
    else this.#held.push(act)
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
      for (let from = 0; from < sources.length; from += MOST_SOURCES_TOLD) this.#send(sources.slice(from, from + MOST_SOURCES_TOLD))
    }
  }
}
