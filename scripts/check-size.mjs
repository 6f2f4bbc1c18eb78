// Keeps test samples and goldens small: a golden that nobody can read proves nothing, and the repository stays light.
import fs from 'node:fs'
import path from 'node:path'
import { listFiles } from './build/source-hash.mjs'
import { projectRoot, runMain } from './setup/project.mjs'

const limitBytes = 50 * 1024
const places = ['shared', 'main', 'renderer', 'scripts']
const limited = /(^|\/)(samples|goldens?)\/|\.golden\.[a-z]+$/

await runMain(async () => {
  const large = places
    .flatMap(listFiles)
    .filter((file) => limited.test(file))
    .map((file) => ({ file, bytes: fs.statSync(path.join(projectRoot, file)).size }))
    .filter(({ bytes }) => bytes >= limitBytes)
  for (const { file, bytes } of large) console.log(`${file}: ${bytes} bytes; samples and goldens stay below ${limitBytes}: compare a digest instead`)
  console.log(`${large.length} files too large`)
  return large.length > 0 ? 1 : 0
})
