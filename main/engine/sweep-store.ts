import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { SweepFolder } from '../sweep/sweep-folder'

/*
 * Finished points of the window's sweeps, so that one that was cancelled, or whose process was killed, goes on:
 *
 *   <cache>/sweeps/<program>/points/<digest>.json
 *
 * Another build of the program may simulate differently, so each has a folder of its own, and those of others go.
 */
/** About 20 KB each. */
const MOST_POINTS = 5000

/** @param program what tells this build from others. @returns null when nothing can be kept there. */
export function openSweepStore(cache: string, program: string): SweepFolder | null {
  const sweeps = path.join(cache, 'sweeps')
  const own = path.join(sweeps, program)
  try {
    mkdirSync(own, { recursive: true })
    for (const name of readdirSync(sweeps)) if (name !== program) rmSync(path.join(sweeps, name), { recursive: true, force: true })
    dropOldest(path.join(own, 'points'))
    return new SweepFolder(own)
  } catch {
    return null
  }
}

function dropOldest(points: string): void {
  mkdirSync(points, { recursive: true })
  const files = readdirSync(points).map((name) => path.join(points, name))
  if (files.length <= MOST_POINTS) return
  const byAge = files.map((file) => ({ file, timeMs: statSync(file).mtimeMs })).sort((a, b) => a.timeMs - b.timeMs)
  for (const { file } of byAge.slice(0, files.length - MOST_POINTS)) rmSync(file, { force: true })
}
