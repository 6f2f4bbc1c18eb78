import path from 'node:path'
import { measureRun, type RunFigures } from '../../../shared/analysis/compare/run-figures'
import { toFailure, type Failure } from '../../../shared/base/errors'
import { quietJob } from '../../../shared/base/job-context'
import { openDocument } from '../../../shared/jobs/open-document'
import { runSimulation, traceOfWorkload } from '../../../shared/jobs/run-simulation'
import type { ImportOptions } from '../../../shared/importers/importer'
import type { AnyDocument, RunRequest } from '../../../shared/model/run'
import type { Trace } from '../../../shared/model/trace'
import { FileSource } from '../../files/file-source'
import { asTrace } from '../input'

/** What a worker is told to do, and what it answers; both cross a process border as they are. */
export interface SweepOrder {
  readonly key: string
  /** Path of a trace, or `workload:G1`. */
  readonly input: string
  readonly request: RunRequest
  readonly options: ImportOptions
}
export type SweepAnswer = { readonly key: string; readonly figures: RunFigures } | { readonly key: string; readonly failure: Failure }

export const inputName = (input: string): string => (input.startsWith('workload:') ? input : path.basename(input))

/** Carries out orders one after another; the last input stays open, since a plan goes through its inputs in order. */
export class SweepWorker {
  #last: { readonly input: string; readonly trace: Trace } | undefined

  async carryOut({ key, input, request, options }: SweepOrder): Promise<SweepAnswer> {
    try {
      const trace = await this.#open(input, options)
      const run = await runSimulation(trace, { heap: request.heap, profile: request.profile, overrides: request.parameters }, quietJob)
      return { key, figures: measureRun(run, key) }
    } catch (error) {
      return { key, failure: toFailure(error) }
    }
  }

  async #open(input: string, options: ImportOptions): Promise<Trace> {
    if (this.#last?.input === input) return this.#last.trace
    this.#last = undefined
    const trace = input.startsWith('workload:') ? await traceOfWorkload(input, quietJob) : asTrace(await openQuietly(input, options), input)
    this.#last = { input, trace }
    return trace
  }
}

async function openQuietly(file: string, options: ImportOptions): Promise<AnyDocument> {
  const source = new FileSource(file, path.basename(file))
  try {
    return (await openDocument(source, options, quietJob)).document
  } finally {
    source.close()
  }
}
