// The official Electron, as the pinned npm package "electron" installs it (its own installer checks the checksums).
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { announce, dependencyFile } from '../setup/project.mjs'
import { cacheFolder } from './cache-folder.mjs'
import { hasExecutable } from './runtime-layout.mjs'

const downloadTimeoutMs = 300_000
// A download that failed is not tried again at every start: without network each try costs time and says nothing new.
const retryAfterMs = 6 * 3600_000
const failureStamp = path.join(cacheFolder, 'official-download-failed')

const packageFolder = dependencyFile('electron')
const distFolder = path.join(packageFolder, 'dist')

/** The version package.json pins. @returns {string} */
export function officialVersion() {
  return JSON.parse(fs.readFileSync(path.join(packageFolder, 'package.json'), 'utf8')).version
}

/** The installed runtime's folder, or null. path.txt is written last by Electron's installer. */
export function findOfficial() {
  return hasExecutable(distFolder) && fs.existsSync(path.join(packageFolder, 'path.txt')) ? distFolder : null
}

function failedRecently() {
  const since = fs.statSync(failureStamp, { throwIfNoEntry: false })?.mtimeMs
  return since !== undefined && Date.now() - since < retryAfterMs
}

/**
 * Downloads the official runtime.
 * @param {{ force?: boolean }} options force: try even after a recent failure
 * @returns {string | null} its folder, or null when the download is not reachable
 */
export function fetchOfficial({ force = false } = {}) {
  if (!force && failedRecently()) return null
  announce(`Fetching Electron ${officialVersion()}...`)
  const installer = spawnSync(process.execPath, [path.join(packageFolder, 'install.js')], { stdio: ['ignore', 2, 'pipe'], timeout: downloadTimeoutMs, encoding: 'utf8' })
  const found = installer.status === 0 ? findOfficial() : null
  if (found) {
    fs.rmSync(failureStamp, { force: true })
    return found
  }
  const reason = /[^\n]*(?:error|failed)[^\n]*/i.exec(installer.stderr)?.[0].trim() ?? `status ${installer.status}`
  announce(`The official Electron download did not work (${reason}).`)
  fs.mkdirSync(cacheFolder, { recursive: true })
  fs.writeFileSync(failureStamp, reason)
  return null
}
