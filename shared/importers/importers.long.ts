import { test } from 'vitest'
import { IMPORTERS } from './registry'
import { fuzzImporter, truncateImporter } from './testing/checks'

/** Our own files are binary and need the Parquet codec; shared/file tests and damages them. */
const FOREIGN = IMPORTERS.filter(({ id }) => id !== 'own-file')

test.each(FOREIGN.map((importer) => ({ id: importer.id, importer })))('$id survives 5,000 damaged files', async ({ importer }) => {
  for (let seed = 1; seed <= 5; seed++) await fuzzImporter(importer, 1000, seed)
})

test.each(FOREIGN.map((importer) => ({ id: importer.id, importer })))('$id survives its samples cut at 64 points', ({ importer }) => truncateImporter(importer, 64))
