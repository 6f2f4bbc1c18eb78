import { describe, expect, test } from 'vitest'
import { detectImporter } from './detect'
import { IMPORTERS } from './registry'
import { checkImporter, fuzzImporter } from './testing/checks'

const FUZZ_ROUNDS = 1000
const FUZZ_SEED = 20260101

/** Our own files are binary and need the Parquet codec; shared/file tests and damages them. */
const FOREIGN = IMPORTERS.filter(({ id }) => id !== 'own-file')

test('ids and priorities are unique, ids are kebab-case', () => {
  expect(new Set(IMPORTERS.map(({ id }) => id)).size).toBe(IMPORTERS.length)
  expect(new Set(IMPORTERS.map(({ priority }) => priority)).size).toBe(IMPORTERS.length)
  for (const { id } of IMPORTERS) expect(id).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/)
})

test('no importer claims what is no trace', () => {
  const strangers = ['', '\n', 'hello\n', '1\n2\n3\n', '{"json": true}', '<html>', '\u0000\u0001\u0002', 'MZ', '= Star', '@ someone\n']
  for (const stranger of strangers) expect(detectImporter(new TextEncoder().encode(stranger)), stranger).toBeUndefined()
})

for (const importer of FOREIGN) checkImporter(importer)

describe('damaged samples give a sound document or a coded error', () => {
  test.each(FOREIGN.map((importer) => ({ id: importer.id, importer })))('$id', async ({ importer }) => {
    await fuzzImporter(importer, FUZZ_ROUNDS, FUZZ_SEED)
  })
})
