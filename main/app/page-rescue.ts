import type { WebContents } from 'electron'
import { restartDelayMs } from '../engine/restart-delay'

interface PageEvents {
  /** The page's process failed; the page will be loaded again. */
  readonly gone: () => void
  /** Told the reason whenever the page is gone or could not be loaded. */
  readonly failed: (reason: string) => void
}

/** Loads the page again when its process is gone; ever more slowly when that keeps happening. */
export class PageRescue {
  readonly #goneAtMs: number[] = []

  constructor(contents: WebContents, { gone, failed }: PageEvents) {
    contents.on('render-process-gone', (_event, { reason }) => {
      if (reason === 'clean-exit') return
      console.error(`Heapscape: the window's process is gone (${reason}); the page is loaded again.`)
      gone()
      failed(`the window's process is gone (${reason})`)
      this.#reload(contents)
    })
    contents.on('did-fail-load', (_event, code, description, url, isMainFrame) => {
      // -3 is a load that another one replaced.
      if (isMainFrame && code !== -3) failed(`the page ${url} could not be loaded (${description})`)
    })
    contents.on('preload-error', (_event, file, error) => console.error(`Heapscape: preload ${file} failed:`, error))
  }

  #reload(contents: WebContents): void {
    const now = Date.now()
    this.#goneAtMs.push(now)
    setTimeout(() => {
      if (!contents.isDestroyed()) contents.reload()
    }, restartDelayMs(this.#goneAtMs, now))
  }
}
