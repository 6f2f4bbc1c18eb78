// Finds an Electron runtime, in this order: ELECTRON_OVERRIDE_DIST_PATH, the installed official one, the official download,
// the fallback. HEAPSCAPE_ELECTRON=fallback or =official insists on one kind.
import path from 'node:path'
import { projectRoot, runProgram, SetupError } from '../setup/project.mjs'
import { ensureFallback } from './fallback-runtime.mjs'
import { fetchOfficial, findOfficial } from './official-runtime.mjs'
import { executableName, hasExecutable } from './runtime-layout.mjs'

/** @returns {string} folder of an unpacked Electron */
export function findRuntime() {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH
  if (override) {
    if (hasExecutable(override)) return path.resolve(override)
    throw new SetupError(`ELECTRON_OVERRIDE_DIST_PATH has no ${executableName}: ${override}`)
  }
  const wanted = process.env.HEAPSCAPE_ELECTRON
  if (wanted === 'fallback') return ensureFallback()
  const official = findOfficial() ?? fetchOfficial({ force: wanted === 'official' })
  if (official) return official
  if (wanted === 'official') throw new SetupError('HEAPSCAPE_ELECTRON=official, but the official Electron could not be fetched.')
  return ensureFallback()
}

/** Chromium refuses to run its sandbox as root. Only then is it switched off. */
export function sandboxArguments() {
  return process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : []
}

/**
 * Runs the application and waits for its end.
 * @param {{ distFolder: string, args: string[], environment?: Record<string, string> }} request
 * @returns {Promise<number>} its exit code
 */
export async function runElectron({ distFolder, args, environment = {} }) {
  const code = await runProgram(path.join(distFolder, executableName), [...sandboxArguments(), projectRoot, ...args], { environment })
  return code ?? 1
}
