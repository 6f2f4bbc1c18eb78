// Installs what package-lock.json asks for, and only when something is missing or different.
import fs from 'node:fs'
import path from 'node:path'
import { announce, dependencyFile, projectRoot, runNpm, SetupError } from './project.mjs'

/** @typedef {{ packages?: Record<string, { version?: string, integrity?: string, optional?: boolean }> }} LockFile */

/** @param {string} file @returns {LockFile | null} */
function readLock(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}

/**
 * True when every package that `wanted` names is installed in that version. Optional packages (other platforms' binaries) may lack.
 * @param {LockFile} wanted package-lock.json
 * @param {LockFile | null} installed npm's own record of node_modules, written last by every install
 */
export function isInstalled(wanted, installed) {
  const present = installed?.packages
  if (!present) return false
  return Object.entries(wanted.packages ?? {}).every(([place, entry]) => {
    if (place === '') return true
    const found = present[place]
    return found ? found.version === entry.version && found.integrity === entry.integrity : entry.optional === true
  })
}

export function ensureDependencies() {
  const wanted = readLock(path.join(projectRoot, 'package-lock.json'))
  if (!wanted) throw new SetupError('package-lock.json is missing or damaged.')
  if (isInstalled(wanted, readLock(dependencyFile('.package-lock.json')))) return
  announce('Installing dependencies (npm ci)...')
  if (!runNpm(['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'])) throw new SetupError('npm ci failed; see its messages above.')
}
