import { app } from 'electron'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

/**
 * Decides, before `ready`, where settings and caches lie: HEAPSCAPE_USER_DATA if set; for a picture a folder of its
 * own that goes away again, so that it neither shows nor disturbs what the user has open; else Electron's place.
 */
export function chooseUserData(isForPicture: boolean): void {
  const chosen = process.env['HEAPSCAPE_USER_DATA']
  if (chosen) app.setPath('userData', path.resolve(chosen))
  else if (isForPicture) app.setPath('userData', temporaryFolder())
}

function temporaryFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'heapscape-'))
  process.once('exit', () => {
    try {
      fs.rmSync(folder, { recursive: true, force: true })
    } catch {
      // Chromium may still hold a file; the system clears its temporary folder.
    }
  })
  return folder
}
