import path from 'node:path'
import { HeapscapeError } from '../../shared/base/errors'

/** What the command line of the window asks for. Paths are absolute. */
export interface StartRequest {
  readonly files: readonly string[]
  /** Picture to write before leaving, null for a window that stays. */
  readonly screenshot: string | null
}

export const USAGE = 'heapscape [--screenshot OUT.png] [FILE...]'

/**
 * The arguments meant for the application: without the executable, and without the application folder that a
 * development runtime is started with.
 */
export function applicationArguments(argv: readonly string[], isDevelopmentRuntime: boolean): readonly string[] {
  const args = argv.slice(1)
  if (!isDevelopmentRuntime) return args
  const folder = args.findIndex((arg) => !arg.startsWith('-'))
  return folder < 0 ? [] : args.slice(folder + 1)
}

/** Switches other than ours belong to Chromium and pass; what follows `--` is a file. Throws `usage`. */
export function parseStartRequest(args: readonly string[], workingFolder: string): StartRequest {
  const files: string[] = []
  let screenshot: string | null = null
  let at = 0
  for (; at < args.length && args[at] !== '--'; at++) {
    const arg = args[at]!
    if (arg === '--screenshot') screenshot = pictureFile(args[++at], workingFolder)
    else if (arg.startsWith('--screenshot=')) screenshot = pictureFile(arg.slice('--screenshot='.length), workingFolder)
    else if (!arg.startsWith('-')) files.push(path.resolve(workingFolder, arg))
  }
  for (const file of args.slice(at + 1)) files.push(path.resolve(workingFolder, file))
  return { files, screenshot }
}

function pictureFile(name: string | undefined, workingFolder: string): string {
  if (name === undefined || name === '' || name.startsWith('-')) throw new HeapscapeError('usage', { detail: `--screenshot needs a file name: ${USAGE}` })
  return path.resolve(workingFolder, name)
}
