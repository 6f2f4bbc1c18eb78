import path from 'node:path'
import { measureRun, type RunFigures } from '../../shared/analysis/compare/run-figures'
import { HeapscapeError } from '../../shared/base/errors'
import { runSimulation, type SimulationChoice } from '../../shared/jobs/run-simulation'
import type { ImportOptions } from '../../shared/importers/importer'
import type { Run } from '../../shared/model/run'
import { readBaseline } from './baseline-file'
import { listOf, parseSettings, type OptionTable, type OptionValues } from './arguments'
import { openInput, withJob } from './input'

/** Heap in which traces are replayed when none is named. */
export const DEFAULT_HEAP = 'first-fit'

/** Options that say in which heap traces are replayed. */
export const REPLAY_OPTIONS = { heap: { type: 'string' }, profile: { type: 'string' }, set: { type: 'string', multiple: true } } as const satisfies OptionTable

export function replayChoice(values: OptionValues): SimulationChoice {
  const { heap, profile } = values
  return { heap: typeof heap === 'string' ? heap : DEFAULT_HEAP, overrides: parseSettings(listOf(values['set'])), ...(typeof profile === 'string' ? { profile } : {}) }
}

/**
 * A saved run as it is, a trace replayed in the chosen heap.
 * @throws HeapscapeError `document-wrong-kind`
 */
export async function openRun(file: string, options: ImportOptions, choice: SimulationChoice): Promise<Run> {
  const document = await openInput(file, options)
  if (document.kind === 'run') return document
  if (document.kind !== 'trace') throw new HeapscapeError('document-wrong-kind', { expected: 'a run or a trace', got: `a ${document.kind}` }, { file })
  return withJob(`simulating ${path.basename(file)} in ${choice.heap}`, (job) => runSimulation(document, choice, job))
}

/** Figures of a run, and the file to open it from again; baselines hold figures only. */
export interface MeasuredInput {
  readonly figures: RunFigures
  readonly file: string | null
}

/** One run after another, so that only one is in memory. Baseline files (.json) give the runs they hold. */
export async function measureInputs(files: readonly string[], options: ImportOptions, choice: SimulationChoice): Promise<MeasuredInput[]> {
  const measured: MeasuredInput[] = []
  for (const file of files) {
    if (path.extname(file).toLowerCase() === '.json') measured.push(...readBaseline(file).map((figures) => ({ figures, file: null })))
    else measured.push({ figures: measureRun(await openRun(file, options, choice), path.basename(file)), file })
  }
  return measured
}

/** The run whose peak is nearest the median of its side; undefined when the side has no runs to open again. */
export function representative(side: readonly MeasuredInput[]): string | undefined {
  const peak = ({ figures }: MeasuredInput): number => figures.values['run.peakFootprintBytes'] ?? 0
  const sorted = [...side].sort((a, b) => peak(a) - peak(b))
  return sorted[(sorted.length - 1) >>> 1]?.file ?? undefined
}
