// npm run dist:dir: an unpacked application in dist/, made without network.
// A release is made of the official Electron only. Where that cannot be had, the fallback runtime serves to try out the packaging
// itself: its output lies in dist/development-only, is named so, and carries a notice. --release refuses that.
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { ensureFallback, fallback } from './electron/fallback-runtime.mjs'
import { fetchOfficial, findOfficial, officialVersion } from './electron/official-runtime.mjs'
import { ensureDependencies } from './setup/dependencies.mjs'
import { announce, childEnvironment, dependencyFile, projectRoot, runMain, SetupError } from './setup/project.mjs'

const notice = `DEVELOPMENT ONLY - do not distribute.

This folder was packaged with the fallback runtime (Electron ${fallback.electronVersion}, Chromium ${fallback.chromiumVersion}), which is old,
out of support and comes from a third party, because the official Electron could not be fetched.
It serves to try out the packaging. Make a release with: npm run dist:dir -- --release
`

/**
 * @typedef {object} Packaging
 * @property {string} distFolder the Electron to package
 * @property {string} electronVersion
 * @property {string} outputFolder
 * @property {string} [notice] why the result is not for distribution
 */

/** @returns {Packaging | null} */
function officialPackaging() {
  const distFolder = findOfficial() ?? fetchOfficial()
  return distFolder === null ? null : { distFolder, electronVersion: officialVersion(), outputFolder: path.join(projectRoot, 'dist') }
}

/**
 * A copy of the fallback without our application loader: Electron would run that instead of the packaged application.
 * @param {string} workFolder
 * @returns {Packaging}
 */
function developmentPackaging(workFolder) {
  const source = ensureFallback()
  const loader = path.join(source, 'resources', 'app')
  fs.cpSync(source, workFolder, { recursive: true, filter: (file) => file !== loader })
  return { distFolder: workFolder, electronVersion: fallback.electronVersion, outputFolder: path.join(projectRoot, 'dist', 'development-only'), notice }
}

/** @param {Packaging} packaging */
function runElectronBuilder({ distFolder, electronVersion, outputFolder }) {
  const settings = { electronDist: distFolder, electronVersion, 'directories.output': outputFolder }
  const args = ['--linux', 'dir', '--publish', 'never', ...Object.entries(settings).map(([key, value]) => `-c.${key}=${value}`)]
  const builder = spawnSync(process.execPath, [dependencyFile('electron-builder/cli.js'), ...args], { cwd: projectRoot, stdio: 'inherit', env: childEnvironment() })
  if (builder.status !== 0) throw new SetupError('electron-builder failed; see its messages above.')
}

/** @param {Packaging} packaging */
function packageApplication(packaging) {
  fs.rmSync(packaging.outputFolder, { recursive: true, force: true })
  runElectronBuilder(packaging)
  if (packaging.notice === undefined) return
  fs.writeFileSync(path.join(packaging.outputFolder, 'DEVELOPMENT-ONLY.txt'), packaging.notice)
  announce(`\n${packaging.notice}`)
}

await runMain(async () => {
  const releaseOnly = process.argv.includes('--release')
  ensureDependencies()
  const { buildTargets } = await import('./build/build-targets.mjs')
  await buildTargets(['main', 'preload', 'renderer'])

  const official = officialPackaging()
  if (official) {
    packageApplication(official)
    return 0
  }
  if (releaseOnly) throw new SetupError('A release needs the official Electron, and it could not be fetched. Nothing was packaged.')
  const workFolder = path.join(projectRoot, 'out', 'development-runtime')
  try {
    packageApplication(developmentPackaging(workFolder))
  } finally {
    fs.rmSync(workFolder, { recursive: true, force: true })
  }
  return 0
})
