import path from 'node:path'
import { compareRuns, type Comparison, type ComparisonInput } from '../../../shared/analysis/compare-runs'
import { HeapscapeError } from '../../../shared/base/errors'
import { runSimulation } from '../../../shared/jobs/run-simulation'
import type { AnyDocument } from '../../../shared/model/run'
import { comparisonJson, comparisonMarkdown, comparisonText } from '../../../shared/report/comparison-report'
import { type Command, ExitCode, listOf } from '../arguments'
import { importOptions, INPUT_OPTIONS, openInput, withJob } from '../input'
import { jsonText } from '../output'

/** Heap in which traces are replayed when none is named. */
const DEFAULT_HEAP = 'first-fit'

export const compareCommand: Command = {
  name: 'compare',
  usage: 'A B [--heap ID]... [--strict] [--json|--markdown]',
  summary: 'compares two runs; traces are first replayed in each heap named',
  options: {
    ...INPUT_OPTIONS,
    heap: { type: 'string', multiple: true },
    json: { type: 'boolean' },
    markdown: { type: 'boolean' },
  },
  takes: [2, 2],
  run: async ([fileA, fileB], values, output) => {
    const options = importOptions(values)
    const [a, b] = [await openInput(fileA!, options), await openInput(fileB!, options)]
    refuseOtherKinds(a, fileA!)
    refuseOtherKinds(b, fileB!)
    const named = listOf(values['heap'])
    if (named.length > 0 && a.kind === 'run' && b.kind === 'run') {
      throw new HeapscapeError('usage', { detail: '--heap replays traces; both inputs are runs already' })
    }
    const heaps = a.kind === 'run' && b.kind === 'run' ? [''] : named.length > 0 ? named : [DEFAULT_HEAP]
    const comparisons: Comparison[] = []
    for (const heap of heaps) comparisons.push(compareRuns(await asRun(a, fileA!, heap), await asRun(b, fileB!, heap)))
    if (values['json'] === true) output.result(jsonText({ comparisons: comparisons.map(comparisonJson) }))
    else output.result(comparisons.map(values['markdown'] === true ? comparisonMarkdown : comparisonText).join('\n\n'))
    return ExitCode.Ok
  },
}

function refuseOtherKinds(document: AnyDocument, file: string): void {
  if (document.kind === 'snapshot') throw new HeapscapeError('not-comparable', { detail: `${path.basename(file)} is a snapshot; runs and traces are compared.` })
}

async function asRun(document: AnyDocument, file: string, heap: string): Promise<ComparisonInput> {
  const title = path.basename(file)
  if (document.kind === 'run') return { run: document, title }
  if (document.kind !== 'trace') throw new HeapscapeError('document-wrong-kind', { expected: 'a run or a trace', got: `a ${document.kind}` }, { file })
  const run = await withJob(`simulating ${title} in ${heap}`, (job) => runSimulation(document, { heap, overrides: {} }, job))
  return { run, title }
}
