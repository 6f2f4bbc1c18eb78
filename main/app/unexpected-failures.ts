import { app, dialog } from 'electron'

/** A bug in main must be seen and must not leave half an application behind. */
export function reportUnexpectedFailures(isForPicture: boolean): void {
  const report = (error: unknown): void => {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    console.error(`Heapscape failed: ${text}`)
    if (!isForPicture && app.isReady()) dialog.showErrorBox('Heapscape failed', text)
    app.exit(70)
  }
  process.on('uncaughtException', report)
  process.on('unhandledRejection', report)
}
