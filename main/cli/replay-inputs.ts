import path from 'node:path'
import type { JobContext } from '../../shared/base/job-context'
import type { AnyDocument } from '../../shared/model/run'
import { comparableContent, DEFAULT_HEAP, measureDocument, type MeasuredMember } from '../../shared/jobs/compare-members'
import type { SimulationChoice } from '../../shared/jobs/run-simulation'
import type { ImportOptions } from '../../shared/importers/importer'
import { readBaseline } from './baseline-file'
import { listOf, parseSettings, type OptionTable, type OptionValues } from './arguments'
import { openInput, withJob } from './input'

/** Options that say in which heap traces are replayed. */
export const REPLAY_OPTIONS = { heap: { type: 'string' }, profile: { type: 'string' }, set: { type: 'string', multiple: true } } as const satisfies OptionTable

export function replayChoice(values: OptionValues): SimulationChoice {
  const { heap, profile } = values
  return { heap: typeof heap === 'string' ? heap : DEFAULT_HEAP, overrides: parseSettings(listOf(values['set'])), ...(typeof profile === 'string' ? { profile } : {}) }
}

/** Figures of an input and the way to open it again; baselines hold figures only. */
export interface MeasuredInput extends MeasuredMember {
  readonly file: string | null
}

/** One input after another, so that only one is in memory. Baseline files (.json) give the runs they hold. */
export async function measureInputs(files: readonly string[], options: ImportOptions, choice: SimulationChoice): Promise<MeasuredInput[]> {
  const measured: MeasuredInput[] = []
  for (const file of files) {
    if (path.extname(file).toLowerCase() === '.json') measured.push(...readBaseline(file).map((figures) => ({ figures, file: null, open: null })))
    else {
      const figures = await withDocument(file, options, choice, measureDocument)
      measured.push({ figures, file, open: () => withDocument(file, options, choice, comparableContent) })
    }
  }
  return measured
}

/** What is asked of an input: of a saved run or a snapshot as it is, of a trace replayed in the chosen heap. */
async function withDocument<T>(file: string, options: ImportOptions, choice: SimulationChoice, ask: (document: AnyDocument, title: string, choice: SimulationChoice, job: JobContext) => Promise<T>): Promise<T> {
  const document = await openInput(file, options)
  const title = path.basename(file)
  return withJob(`simulating ${title} in ${choice.heap}`, (job) => ask(document, title, choice, job))
}
