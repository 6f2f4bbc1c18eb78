import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { DATA_FOLDER, openRecorded, recordedPaths } from './testing/data-folder'

/** A few milliseconds each; data-folder.long.ts opens them all. */
const QUICK_BYTES = 3000
const quick = recordedPaths().filter((path) => statSync(join(DATA_FOLDER, path)).size < QUICK_BYTES)
const golden = readFileSync(join(import.meta.dirname, 'testing', 'data-folder.golden.txt'), 'utf8').split('\n')

describe.skipIf(quick.length === 0)('small recorded files open as the golden table says', () => {
  test.each(quick)('%s', async (path) => {
    const { line, contradictions } = await openRecorded(path)
    expect(contradictions).toEqual([])
    expect(golden).toContain(line)
  })
})
