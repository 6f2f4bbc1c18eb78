import path from 'node:path'
import { compareDumps } from '../../../shared/analysis/compare-dumps/compare-dumps'
import { HeapscapeError } from '../../../shared/base/errors'
import type { ImportOptions } from '../../../shared/importers/importer'
import { openDocument } from '../../../shared/jobs/open-document'
import type { Snapshot } from '../../../shared/model/snapshot'
import { dumpComparisonJson, dumpComparisonText } from '../../../shared/report/dump-comparison-report'
import { FileSource } from '../../files/file-source'
import { ExitCode, type OptionValues } from '../arguments'
import { importOptions, withJob } from '../input'
import { jsonText, type Output } from '../output'

/** Two snapshots, opened here so that their files stay open: the bytes of their blocks are compared. */
export async function compareTwoDumps(fileA: string, fileB: string, values: OptionValues, output: Output): Promise<ExitCode> {
  const options = importOptions(values)
  const a = await openSnapshot(fileA, options)
  try {
    const b = await openSnapshot(fileB, options)
    try {
      const comparison = await withJob('comparing', (job) => compareDumps(a.snapshot, b.snapshot, job))
      output.result(values['json'] === true ? jsonText(dumpComparisonJson(comparison)) : dumpComparisonText(comparison))
      return ExitCode.Ok
    } finally {
      b.close()
    }
  } finally {
    a.close()
  }
}

async function openSnapshot(file: string, options: ImportOptions): Promise<{ readonly snapshot: Snapshot; close(): void }> {
  const source = new FileSource(file, path.basename(file))
  try {
    const { document } = await withJob(`reading ${source.name}`, (job) => openDocument(source, options, job))
    if (document.kind !== 'snapshot') throw new HeapscapeError('document-wrong-kind', { expected: 'a snapshot', got: `a ${document.kind}` }, { file })
    return { snapshot: document, close: () => source.close() }
  } catch (error) {
    source.close()
    throw error
  }
}
