import { app } from 'electron'
import { spawn } from 'node:child_process'
import { HeapscapeError } from '../../shared/base/errors'

/** Made-up programs stand in for the computer's: tests of the window, in a clone only. */
export const isLiveFake = (): boolean => !app.isPackaged && process.env['HEAPSCAPE_LIVE_SYSTEM'] === 'fake'

/** Why running programs cannot be captured here; null where they can. */
export function liveRefusal(): string | null {
  return process.platform === 'win32' || isLiveFake() ? null : 'Windows only'
}

/**
 * Starts this program again as administrator, after Windows has asked the user, and ends this one. Without consent
 * everything stays as it is. The path goes through the environment, so that nothing in it can be taken for a command.
 * Throws live-unavailable, live-access-denied.
 */
export async function restartElevated(): Promise<void> {
  if (process.platform !== 'win32') throw new HeapscapeError('live-unavailable', { detail: 'only Windows starts programs as administrator this way' })
  // The next one must find the place free.
  app.releaseSingleInstanceLock()
  const code = await new Promise<number | null>((resolve) => {
    const child = spawn('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', 'Start-Process -FilePath $env:HEAPSCAPE_EXECUTABLE -Verb RunAs'], {
      env: { ...process.env, HEAPSCAPE_EXECUTABLE: process.execPath },
      stdio: 'ignore',
      windowsHide: true,
    })
    child.on('error', () => resolve(null))
    child.on('exit', resolve)
  })
  if (code === 0) return app.quit()
  app.requestSingleInstanceLock()
  throw new HeapscapeError('live-access-denied', { pid: process.pid, detail: 'it was not started as administrator; nothing was changed' })
}
