import path from 'node:path'
import { HeapscapeError } from '../../shared/base/errors'
import type { JobContext } from '../../shared/base/job-context'
import { openDocument } from '../../shared/jobs/open-document'
import { traceOfWorkload } from '../../shared/jobs/run-simulation'
import type { ImportOptions } from '../../shared/importers/importer'
import type { AnyDocument } from '../../shared/model/run'
import type { Trace } from '../../shared/model/trace'
import { FileSource } from '../files/file-source'
import { ConsoleJob } from './console-job'
import type { OptionTable, OptionValues } from './arguments'
import { rangeOption } from './range-option'

/** Options of every command that reads files. */
export const INPUT_OPTIONS = { strict: { type: 'boolean' }, member: { type: 'string' }, events: { type: 'string' }, time: { type: 'string' } } as const satisfies OptionTable

export const importOptions = (values: OptionValues): ImportOptions => ({
  mode: values['strict'] === true ? 'strict' : 'compatible',
  ...(typeof values['member'] === 'string' ? { member: values['member'] } : {}),
  ...rangeOption(values['events'], values['time']),
})

/** Opens a file. Its name in results is the file's own, without folders. */
export async function openFile(file: string, options: ImportOptions): Promise<AnyDocument> {
  const source = new FileSource(file, path.basename(file))
  try {
    const opened = await withJob(`reading ${source.name}`, (job) => openDocument(source, options, job))
    return opened.document
  } finally {
    source.close()
  }
}

/** A file or `workload:G1`. */
export function openInput(input: string, options: ImportOptions): Promise<AnyDocument> {
  if (input.startsWith('workload:')) return withJob(input, (job) => traceOfWorkload(input, job))
  return openFile(input, options)
}

/** @throws HeapscapeError `document-wrong-kind` */
export function asTrace(document: AnyDocument, input: string): Trace {
  if (document.kind === 'trace') return document
  throw new HeapscapeError('document-wrong-kind', { expected: 'a trace', got: `a ${document.kind}` }, { file: input })
}

/** Runs a job with its progress on stderr. */
export async function withJob<T>(title: string, work: (job: JobContext) => Promise<T>): Promise<T> {
  const job = new ConsoleJob(title)
  try {
    return await work(job)
  } finally {
    job.finish()
  }
}
