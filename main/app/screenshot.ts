import type { WebContents } from 'electron'
import fs from 'node:fs'
import { HeapscapeError } from '../../shared/base/errors'

const longestWaitMs = 180_000
// `painted` comes from the page, `opened` from the engine: two pipes, so either may be a little late.
const lastReportsMs = 2000

/**
 * `--screenshot OUT.png FILE...`: waits until every file is open and painted, then writes what the window shows.
 * Fails when a file is refused, when page or engine stop, and when it takes too long.
 */
export class ScreenshotTask {
  readonly #outstanding = new Set<string>()
  readonly #done: Promise<void>
  #painted = false
  #finish: () => void = () => {}
  #fail: (reason: string) => void = () => {}
  #timer: NodeJS.Timeout

  constructor() {
    this.#done = new Promise((resolve, reject) => {
      this.#finish = resolve
      this.#fail = (reason) => reject(new HeapscapeError('usage', { detail: `No picture was taken: ${reason}` }))
    })
    // Whoever waits for the picture handles the failure; before that it must not count as unhandled.
    this.#done.catch(() => {})
    this.#timer = setTimeout(() => this.#fail(`nothing was painted within ${longestWaitMs / 1000} s`), longestWaitMs)
  }

  expect(sourceIds: readonly string[]): void {
    for (const id of sourceIds) this.#outstanding.add(id)
  }

  opened(sourceId: string): void {
    this.#outstanding.delete(sourceId)
    this.#check()
  }

  painted(): void {
    if (this.#painted) return
    this.#painted = true
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#fail(`${this.#outstanding.size} of the files did not open`), lastReportsMs)
    this.#check()
  }

  fail(reason: string): void {
    this.#fail(reason)
  }

  /** Resolves when the picture is written; rejects with the reason. */
  async write(contents: () => WebContents, file: string): Promise<void> {
    try {
      await this.#done
      const picture = await contents().capturePage()
      if (picture.isEmpty()) throw new HeapscapeError('internal', { detail: 'the window gave an empty picture' })
      await writePicture(file, picture.toPNG())
    } finally {
      clearTimeout(this.#timer)
    }
  }

  #check(): void {
    if (this.#painted && this.#outstanding.size === 0) this.#finish()
  }
}

async function writePicture(file: string, content: Buffer): Promise<void> {
  try {
    await fs.promises.writeFile(file, content)
  } catch (error) {
    throw new HeapscapeError('file-unwritable', { detail: error instanceof Error ? error.message : String(error) }, { file })
  }
}
