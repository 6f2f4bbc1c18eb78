// What benches find on this machine: a folder for their files, an Electron, a display when windows are to be measured.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { findRuntime, sandboxArguments } from '../electron/find-runtime.mjs'
import { executableName } from '../electron/runtime-layout.mjs'
import { withDisplay } from '../setup/display.mjs'
import { projectRoot, SetupError } from '../setup/project.mjs'
import { ensureSystemLibraries } from '../setup/system-libraries.mjs'

/** @typedef {import('./bench-contract.ts').BenchPlace} BenchPlace */

/** @param {Record<string, string>} environment @returns {BenchPlace['electron']} */
function findElectron(environment) {
  try {
    const distFolder = findRuntime()
    ensureSystemLibraries(distFolder)
    return { executable: path.join(distFolder, executableName), args: sandboxArguments(), environment }
  } catch (error) {
    if (error instanceof SetupError) return { missing: error.message }
    throw error
  }
}

/** @param {boolean} needsWindow @returns {Promise<BenchPlace['application']>} */
async function buildApplication(needsWindow) {
  if (!needsWindow) return { missing: 'no bench that opens a window was chosen' }
  try {
    // Loaded late: the builder is a dependency that may have been installed only just now.
    const { buildStale } = await import('../build/build-targets.mjs')
    await buildStale(['main', 'preload', 'renderer'])
    return projectRoot
  } catch (error) {
    if (error instanceof SetupError) return { missing: error.message }
    throw error
  }
}

/**
 * @template T
 * @param {{ needsWindow: boolean }} needs
 * @param {(place: BenchPlace) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withBenchPlace({ needsWindow }, work) {
  const temporaryFolder = fs.mkdtempSync(path.join(os.tmpdir(), 'heapscape-bench-'))
  try {
    const application = await buildApplication(needsWindow)
    const run = (/** @type {Record<string, string>} */ environment) => work({ projectRoot, temporaryFolder, electron: findElectron(environment), application })
    return needsWindow ? await withDisplay(run) : await run({})
  } finally {
    fs.rmSync(temporaryFolder, { recursive: true, force: true })
  }
}
