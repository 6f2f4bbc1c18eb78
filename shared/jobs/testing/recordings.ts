import { readFileSync } from 'node:fs'
import path from 'node:path'
import { compareSides, type FigureVerdict, type SidesComparison } from '../../analysis/compare/compare-sides'
import { explainPeaks, type ChangeExplanation } from '../../analysis/compare/explain-change'
import { measureRun } from '../../analysis/compare/run-figures'
import { MemorySource } from '../../base/byte-source'
import { quietJob } from '../../base/job-context'
import type { Run } from '../../model/run'
import { openDocument } from '../open-document'
import { runSimulation } from '../run-simulation'

/** Recordings of real programs, outside the project. */
export const recordings = path.join(process.env['HEAPSCAPE_DATA'] ?? path.join(import.meta.dirname, '../../../../shared/data'), 'mtrace')

async function replay(name: string, heap: string): Promise<Run> {
  const file = `${name}.mtrace.zst`
  const { document } = await openDocument(new MemorySource(readFileSync(path.join(recordings, file)), file), { mode: 'compatible' }, quietJob)
  if (document.kind !== 'trace') throw new Error(`${file} is no trace`)
  return runSimulation(document, { heap, overrides: {} }, quietJob)
}

export async function compareRecordings(a: string, b: string, heap: string): Promise<{ comparison: SidesComparison; explanation: ChangeExplanation; peak: FigureVerdict }> {
  const [runA, runB] = [await replay(a, heap), await replay(b, heap)]
  const comparison = compareSides({ name: 'A', runs: [measureRun(runA, a)] }, { name: 'B', runs: [measureRun(runB, b)] })
  return { comparison, explanation: explainPeaks(runA, runB), peak: comparison.primary.find(({ figure }) => figure.id === 'run.peakFootprintBytes')!.verdict }
}

export const verdictsOf = ({ primary }: SidesComparison): FigureVerdict[] => primary.map(({ verdict }) => verdict)
