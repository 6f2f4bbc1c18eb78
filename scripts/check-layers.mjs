// Checks every import of every .ts, .mjs and .vue file against the layer table, and that no files import one another in a circle.
import fs from 'node:fs'
import path from 'node:path'
import { listFiles } from './build/source-hash.mjs'
import { findLayerProblems } from './layers/scan-project.mjs'
import { projectRoot, runMain } from './setup/project.mjs'

const folders = ['shared', 'main', 'preload', 'renderer', 'e2e', 'scripts']

/** @param {string} file */
const isCode = (file) => /\.(ts|mjs|vue)$/.test(file) && !file.endsWith('.config.ts')

await runMain(async () => {
  const files = folders.flatMap(listFiles).filter(isCode)
  const problems = findLayerProblems(new Map(files.map((file) => [file, fs.readFileSync(path.join(projectRoot, file), 'utf8')])))
  for (const problem of problems) console.log(problem)
  console.log(`${files.length} files, ${problems.length} layer problems`)
  return problems.length > 0 ? 1 : 0
})
