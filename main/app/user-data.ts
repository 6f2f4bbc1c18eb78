import { app } from 'electron'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

/**
 * Decides, before `ready`, where settings and caches lie: HEAPSCAPE_USER_DATA if set; for a picture a temporary folder
 * of its own, so that it neither shows nor disturbs what the user has open; else Electron's place.
 */
export function chooseUserData(isForPicture: boolean): void {
  const chosen = process.env['HEAPSCAPE_USER_DATA']
  if (chosen) app.setPath('userData', path.resolve(chosen))
  else if (isForPicture) app.setPath('userData', temporaryFolder())
}

const prefix = 'heapscape-picture-'
const longestPictureMs = 3600_000

/** Chromium still writes while it ends, so a picture's folder can only be removed by a later start. */
function temporaryFolder(): string {
  const parent = os.tmpdir()
  for (const name of fs.readdirSync(parent)) {
    if (name.startsWith(prefix)) removeIfOld(path.join(parent, name))
  }
  return fs.mkdtempSync(path.join(parent, prefix))
}

function removeIfOld(folder: string): void {
  try {
    if (Date.now() - fs.statSync(folder).mtimeMs > longestPictureMs) fs.rmSync(folder, { recursive: true, force: true })
  } catch {
    // It is another user's, or already gone.
  }
}
