import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const IMPORTERS_FOLDER = fileURLToPath(new URL('..', import.meta.url))
const GOLDEN = '.golden.txt'

export interface Sample {
  /** Folder of the importer, which is its id. */
  readonly importer: string
  readonly file: string
  readonly bytes: Uint8Array
  /** Where the golden text lies. */
  readonly goldenPath: string
}

/** Every file in the `samples` folder of an importer. */
export function samplesOf(importer: string): Sample[] {
  const folder = join(IMPORTERS_FOLDER, importer, 'samples')
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((file) => !file.endsWith(GOLDEN))
    .sort()
    .map((file) => ({ importer, file, bytes: readFileSync(join(folder, file)), goldenPath: join(folder, file + GOLDEN) }))
}
