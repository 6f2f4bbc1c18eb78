import { app } from 'electron'

interface Handover {
  readonly files: readonly string[]
}

/**
 * True when this is the only instance; otherwise the running one has got the files. The files travel as data and not
 * as a command line, which Chromium reorders on its way.
 */
export function becomeOnlyInstance(files: readonly string[]): boolean {
  const handover: Handover = { files }
  return app.requestSingleInstanceLock(handover)
}

export function onSecondStart(listener: (handover: unknown) => void): void {
  app.on('second-instance', (_event, _argv, _folder, handover) => listener((handover as Partial<Handover> | null)?.files))
}
