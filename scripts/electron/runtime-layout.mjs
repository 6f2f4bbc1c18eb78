// How an unpacked Electron looks on this platform.
import fs from 'node:fs'
import path from 'node:path'

const executables = /** @type {Record<string, string>} */ ({ win32: 'electron.exe', darwin: 'Electron.app/Contents/MacOS/Electron' })

/** Path of the executable inside an unpacked Electron. */
export const executableName = executables[process.platform] ?? 'electron'

/** @param {string} folder */
export function hasExecutable(folder) {
  return fs.existsSync(path.join(folder, executableName))
}
