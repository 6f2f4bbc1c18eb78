import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { quietJob, type JobContext } from '../../shared/base/job-context'
import type { SweepSetup } from '../../shared/ipc/sweep-api'
import { saveDocument } from '../../shared/jobs/save-document'
import { traceOfWorkload } from '../../shared/jobs/run-simulation'
import type { Trace } from '../../shared/model/trace'
import { writeFileAtomically } from '../files/atomic-write'
import type { Documents } from './documents'

/** One input of a sweep: what it is called, and how helpers get it. */
export interface SweepInput {
  /** As the command line would call it. */
  readonly name: string
  readonly trace: Trace
  /** Tells this content from any other; null when that is not known, so nothing of it is kept. */
  readonly content: string | null
  readonly isWorkload: boolean
}

/** @throws HeapscapeError `document-unknown`, `document-wrong-kind`, `workload-unknown` */
export async function findInputs(documents: Documents, inputs: SweepSetup['inputs']): Promise<SweepInput[]> {
  const found: SweepInput[] = []
  for (const input of inputs) {
    const trace = 'workload' in input ? await traceOfWorkload(input.workload, quietJob) : documents.trace(input.documentId)
    const { file, format, partial } = trace.origin
    const name = freeName(file, found.map((other) => other.name))
    const content = trace.hash === '' ? null : `${trace.hash}|${format}|${partial ? 'part' : 'whole'}`
    found.push({ name, trace, content, isWorkload: format === 'workload' })
  }
  return found
}

/** Results go by name: two inputs of one name are told apart. */
function freeName(name: string, taken: readonly string[]): string {
  let free = name
  for (let number = 2; taken.includes(free); number++) free = `${name} (${number})`
  return free
}

/** Writes open traces where helpers can read them; workloads they make themselves. */
export class SharedInputs {
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'heapscape-sweep-'))

  /** Path for a helper, or `workload:G1`. */
  async share({ trace, isWorkload }: SweepInput, place: number, job: JobContext): Promise<string> {
    if (isWorkload) return trace.origin.file
    const file = path.join(this.#folder, `${place}.heapscape`)
    await writeFileAtomically(file, (sink) => saveDocument(trace, sink, {}, job))
    return file
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
