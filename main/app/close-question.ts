import { app, dialog } from 'electron'
import type { BrowserWindow, MessageBoxOptions } from 'electron'

/** Documents named one by one; of more the number is told. */
const MOST_NAMED = 8

export interface CloseQuestionOptions {
  /** Titles of open documents that closing loses. */
  readonly unkept: () => readonly string[]
  readonly isWanted: () => boolean
  readonly stopAsking: () => void
}

/**
 * Asks before a window closes over documents that cannot be made again. Files and runs of them come back with the last
 * session, so nothing is asked for those. A quit that the question holds up goes on after it.
 */
export class CloseQuestion {
  readonly #options: CloseQuestionOptions
  #isQuitting = false

  constructor(options: CloseQuestionOptions) {
    this.#options = options
    app.on('before-quit', () => (this.#isQuitting = true))
  }

  guard(window: BrowserWindow): void {
    let isAnswered = false
    let isAsking = false
    window.on('close', (event) => {
      const titles = this.#options.unkept()
      if (isAnswered || titles.length === 0 || !this.#options.isWanted()) return
      event.preventDefault()
      if (isAsking) return
      isAsking = true
      void this.#ask(window, titles).then((closes) => {
        isAsking = false
        if (!closes) return void (this.#isQuitting = false)
        isAnswered = true
        if (this.#isQuitting) app.quit()
        else window.close()
      })
    })
  }

  async #ask(window: BrowserWindow, titles: readonly string[]): Promise<boolean> {
    const { response, checkboxChecked } = await dialog.showMessageBox(window, closeQuestion(titles))
    const closes = response === 0
    if (closes && checkboxChecked) this.#options.stopAsking()
    return closes
  }
}

function closeQuestion(titles: readonly string[]): MessageBoxOptions {
  const named = titles.slice(0, MOST_NAMED)
  const rest = titles.length - named.length
  return {
    type: 'warning',
    title: 'Heapscape',
    message: titles.length === 1 ? `Close without saving “${titles[0]!}”?` : `Close without saving ${titles.length} documents?`,
    detail: `${[...named, ...(rest > 0 ? [`and ${rest} more`] : [])].join('\n')}\n\nThey come from a running program or a console and cannot be made again. What was opened from files comes back with File, Restore the Last Session.`,
    buttons: ['Close Without Saving', 'Cancel'],
    defaultId: 1,
    cancelId: 1,
    noLink: true,
    checkboxLabel: 'Do not ask again (File menu: Ask Before Closing)',
  }
}
