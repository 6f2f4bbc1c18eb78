import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { bytesOf, hasKit, KIT_SAMPLES, openDump } from './testing/dump-data'
import { expectWalkEquals, readTruth } from './testing/wine-truth'

const PREFIX = process.env['KIT_PREFIX'] ?? join(homedir(), '.heapkit-wine')
/** The kit builds its programs beside itself; where it cannot write, a copy of it stands in the prefix. */
const KIT = [join(KIT_SAMPLES, '..'), join(PREFIX, 'kit')].find((folder) => existsSync(join(folder, 'bin/target.exe'))) ?? ''
/** Wine and the prefix that the kit's setup.sh makes. */
const hasWine = hasKit && existsSync('/usr/lib/wine/wine64') && existsSync(PREFIX) && KIT !== ''
const SCALE = '20'
const TIMEOUT_MS = 300_000

describe.skipIf(!hasWine)('a program under the Wine of this machine', () => {
  const folder = mkdtempSync(join(tmpdir(), 'heapscape-wine-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('is dumped twice at scale 20, and all of its 35,000 entries are walked as it told them', { timeout: TIMEOUT_MS }, async () => {
    // The scripts write beside themselves.
    cpSync(KIT, join(folder, 'kit'), { recursive: true })
    execFileSync('bash', [join(folder, 'kit/make-samples.sh'), join(folder, 'out')], { env: { ...process.env, SCALE, KIT_PREFIX: PREFIX }, stdio: 'ignore', timeout: TIMEOUT_MS })
    let entries = 0
    for (const stage of [1, 2]) {
      const snapshot = await openDump(bytesOf(join(folder, `out/stage${stage}.dmp.gz`)))
      entries = Math.max(entries, expectWalkEquals(snapshot, readTruth(join(folder, `out/stage${stage}.truth.json.gz`))))
    }
    expect(entries).toBeGreaterThan(30_000)
  })
})
