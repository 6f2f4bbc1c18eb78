// Whether a build is stale is decided by the content of its sources: times lie after a checkout or a copy.
import crypto from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { projectRoot } from '../setup/project.mjs'

const notBuilt = /(^|\/)(testing|samples|node_modules)\/|\.(test|long|bench|docs|spec)\.ts$|\.md$|\/tsconfig[^/]*\.json$/

/** Files below a folder (or the file itself), as project-relative paths with forward slashes, sorted. @param {string} place @returns {string[]} */
export function listFiles(place) {
  const absolute = path.join(projectRoot, place)
  const stat = fs.statSync(absolute, { throwIfNoEntry: false })
  if (!stat) return []
  if (stat.isFile()) return [place]
  return fs
    .readdirSync(absolute, { withFileTypes: true })
    .filter((entry) => entry.name !== 'node_modules')
    .flatMap((entry) => (entry.isDirectory() || entry.isFile() ? listFiles(`${place}/${entry.name}`) : []))
    .sort()
}

/**
 * Digest over names and contents.
 * @param {readonly string[]} places files and folders in the project
 */
export function hashSources(places) {
  const hash = crypto.createHash('sha256')
  for (const file of places.flatMap(listFiles).filter((name) => !notBuilt.test(name))) {
    hash.update(`${file}\0`).update(fs.readFileSync(path.join(projectRoot, file))).update('\0')
  }
  return hash.digest('hex')
}
