import path from 'node:path'
import { measureSweepRun, type SweepMeasure } from '../../shared/analysis/sweep/sweep-measure'
import { HeapscapeError, toFailure, type Failure } from '../../shared/base/errors'
import { quietJob, type JobContext } from '../../shared/base/job-context'
import { openDocument } from '../../shared/jobs/open-document'
import { simulateStatistics, traceOfWorkload } from '../../shared/jobs/run-simulation'
import type { ImportOptions } from '../../shared/importers/importer'
import type { RunRequest } from '../../shared/model/run'
import type { Trace } from '../../shared/model/trace'
import { FileSource } from '../files/file-source'

/** What a worker is told to do, and what it answers; both cross a process border as they are. */
export interface SweepOrder {
  readonly key: string
  /** Path of a trace, or `workload:G1`. */
  readonly input: string
  readonly request: RunRequest
  readonly options: ImportOptions
}
/** `seconds` is what replay and measuring took, without reading the input. */
export type SweepAnswer = { readonly key: string; readonly measure: SweepMeasure; readonly seconds: number } | { readonly key: string; readonly failure: Failure }
/** How much of the point under way is replayed, 0 to 1. */
export interface SweepShare {
  readonly key: string
  readonly share: number
}

export const inputName = (input: string): string => (input.startsWith('workload:') ? input : path.basename(input))

const SHARE_EVERY_MS = 100

/** Carries out orders one after another; the last input stays open, since a plan goes through its inputs in order. */
export class SweepWorker {
  #last: { readonly input: string; readonly trace: Trace } | undefined

  async carryOut({ key, input, request, options }: SweepOrder, tell: (share: SweepShare) => void = () => undefined): Promise<SweepAnswer> {
    try {
      const trace = await this.#open(input, options)
      const startMs = performance.now()
      const statistics = await simulateStatistics(trace, { heap: request.heap, profile: request.profile, overrides: request.parameters }, sharesOf(key, tell))
      return { key, measure: measureSweepRun(statistics, key), seconds: (performance.now() - startMs) / 1000 }
    } catch (error) {
      return { key, failure: toFailure(error) }
    }
  }

  async #open(input: string, options: ImportOptions): Promise<Trace> {
    if (this.#last?.input === input) return this.#last.trace
    this.#last = undefined
    const trace = input.startsWith('workload:') ? await traceOfWorkload(input, quietJob) : await openTrace(input, options)
    this.#last = { input, trace }
    return trace
  }
}

function sharesOf(key: string, tell: (share: SweepShare) => void): JobContext {
  let lastMs = performance.now()
  return {
    ...quietJob,
    progress: ({ done, total }) => {
      const nowMs = performance.now()
      if (total <= 0 || nowMs - lastMs < SHARE_EVERY_MS) return
      lastMs = nowMs
      tell({ key, share: done / total })
    },
  }
}

async function openTrace(file: string, options: ImportOptions): Promise<Trace> {
  const source = new FileSource(file, path.basename(file))
  try {
    const { document } = await openDocument(source, options, quietJob)
    if (document.kind === 'trace') return document
    throw new HeapscapeError('document-wrong-kind', { expected: 'a trace', got: `a ${document.kind}` }, { file: source.name })
  } finally {
    source.close()
  }
}
