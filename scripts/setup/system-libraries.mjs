// Linux: the shared libraries Electron needs and a virtual display where there is none.
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { needsVirtualDisplay } from './display.mjs'
import { announce, SetupError } from './project.mjs'
import { executableName } from '../electron/runtime-layout.mjs'

// Found on a bare Debian 12: before these, 26 libraries are missing; after, none.
const debianPackages = ['libgtk-3-0', 'libnss3', 'libasound2', 'libgbm1']
// Distributions with 64-bit time_t renamed some of them.
const renamedPackages = new Map([['libgtk-3-0', 'libgtk-3-0t64'], ['libasound2', 'libasound2t64']])

/** @param {string} lddOutput @returns {string[]} names of libraries that were not found */
export function parseMissingLibraries(lddOutput) {
  return [...lddOutput.matchAll(/^\s*(\S+) => not found/gm)].map((match) => match[1] ?? '')
}

/** @param {string} program */
const isOnPath = (program) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0

/** @param {string} distFolder */
function findMissing(distFolder) {
  const ldd = spawnSync('ldd', [path.join(distFolder, executableName)], { encoding: 'utf8' })
  const missing = parseMissingLibraries(ldd.stdout)
  return needsVirtualDisplay() && !isOnPath('Xvfb') ? [...missing, 'Xvfb'] : missing
}

/** @param {string} name */
function currentPackageName(name) {
  const renamed = renamedPackages.get(name)
  return renamed !== undefined && spawnSync('apt-cache', ['show', renamed]).status === 0 ? renamed : name
}

/** @param {string} distFolder folder with the Electron executable */
export function ensureSystemLibraries(distFolder) {
  if (process.platform !== 'linux') return
  let missing = findMissing(distFolder)
  if (missing.length === 0) return

  const isDebian = fs.existsSync('/usr/bin/apt-get')
  const isRoot = process.getuid?.() === 0
  if (isDebian && isRoot) {
    announce('Fetching the package index (apt-get update)...')
    spawnSync('apt-get', ['update', '-qq'], { stdio: ['ignore', 2, 2] })
  }
  const names = ['xvfb', ...(isDebian ? debianPackages.map(currentPackageName) : debianPackages)]
  const install = ['apt-get', 'install', '-y', '--no-install-recommends', ...names]
  if (isDebian && isRoot) {
    announce(`Installing system libraries: ${install.join(' ')}`)
    spawnSync('apt-get', [...install.slice(1), '-qq'], { stdio: ['ignore', 'ignore', 2], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
    missing = findMissing(distFolder)
  }
  if (missing.length > 0) throw new SetupError(`Missing on this system: ${missing.join(', ')}. Run: sudo ${install.join(' ')}`)
}
