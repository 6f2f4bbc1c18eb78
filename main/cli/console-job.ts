import type { JobContext, Progress } from '../../shared/base/job-context'

const SHOW_AFTER_MS = 300
const SHOW_EVERY_MS = 100

/** A job of the command line: one line of progress on stderr when a person watches; Ctrl-C ends the process. */
export class ConsoleJob implements JobContext {
  readonly #title: string
  readonly #start = performance.now()
  #last = 0
  #shown = false

  constructor(title: string) {
    this.#title = title
  }

  progress({ done, total, unit }: Progress): void {
    const now = performance.now()
    if (!process.stderr.isTTY || now - this.#start < SHOW_AFTER_MS || now - this.#last < SHOW_EVERY_MS) return
    this.#last = now
    this.#shown = true
    const share = total > 0 ? ` ${Math.floor((100 * done) / total)} %` : ''
    process.stderr.write(`\r\x1b[K${this.#title}:${share} ${done.toLocaleString('en')} ${unit}`)
  }

  checkpoint(): Promise<void> {
    return Promise.resolve()
  }

  /** Clears the line, so that the result starts on a clean one. */
  finish(): void {
    if (this.#shown) process.stderr.write('\r\x1b[K')
  }
}
