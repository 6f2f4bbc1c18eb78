import path from 'node:path'
import { compareRuns, type Comparison, type ComparisonInput } from '../../../shared/analysis/compare-runs'
import { HeapscapeError } from '../../../shared/base/errors'
import { compareMembers, DEFAULT_HEAP } from '../../../shared/jobs/compare-members'
import { runSimulation } from '../../../shared/jobs/run-simulation'
import type { AnyDocument } from '../../../shared/model/run'
import { anonymise } from '../../../shared/report/anonymise'
import { comparisonJson, comparisonMarkdown, comparisonText } from '../../../shared/report/comparison-report'
import { sidesPage } from '../../../shared/report/html/sides-page'
import { sidesJson, sidesMarkdown, sidesText } from '../../../shared/report/sides-report'
import { writeFileAtomically } from '../../files/atomic-write'
import { type Command, ExitCode, listOf, type OptionValues, usageError } from '../arguments'
import { importOptions, INPUT_OPTIONS, openInput, withJob } from '../input'
import { jsonText, type Output } from '../output'
import { compareTwoDumps } from './compare-dumps'
import { measureInputs, REPLAY_OPTIONS, replayChoice } from '../replay-inputs'

export const compareCommand: Command = {
  name: 'compare',
  usage: 'A B [--heap ID]... [--strict] [--json|--markdown], or --a FILE... --b FILE... [--heap ID] [--profile ID] [--set name=value]... [--common] [--seed N] [--anonymous] [--html OUT] [--json|--markdown]',
  summary: 'compares two runs, two sides of many runs or snapshots with statistics, or two dumps of a process; traces are first replayed in each heap named',
  options: {
    ...INPUT_OPTIONS,
    ...REPLAY_OPTIONS,
    heap: { type: 'string', multiple: true },
    a: { type: 'string', multiple: true },
    b: { type: 'string', multiple: true },
    common: { type: 'boolean' },
    seed: { type: 'string' },
    anonymous: { type: 'boolean' },
    html: { type: 'string' },
    json: { type: 'boolean' },
    markdown: { type: 'boolean' },
  },
  variadic: ['a', 'b'],
  takes: [0, 2],
  run: (files, values, output) => {
    const [filesA, filesB] = [listOf(values['a']), listOf(values['b'])]
    if (filesA.length > 0 || filesB.length > 0) {
      if (files.length > 0 || filesA.length === 0 || filesB.length === 0) throw usageError(compareCommand, 'expected --a FILE... and --b FILE..., and nothing else')
      return compareManyRuns(filesA, filesB, values, output)
    }
    if (files.length !== 2) throw usageError(compareCommand, `expected 2 arguments, got ${files.length}`)
    return compareTwoRuns(files[0]!, files[1]!, values, output)
  },
}

async function compareManyRuns(filesA: readonly string[], filesB: readonly string[], values: OptionValues, output: Output): Promise<ExitCode> {
  const [heap, ...more] = listOf(values['heap'])
  if (more.length > 0) throw usageError(compareCommand, 'sides are replayed in one heap; expected one --heap')
  const options = importOptions(values)
  const choice = replayChoice({ ...values, heap: heap ?? DEFAULT_HEAP })
  const [a, b] = [await measureInputs(filesA, options, choice), await measureInputs(filesB, options, choice)]
  const compared = await compareMembers({ name: 'A', members: a }, { name: 'B', members: b }, { commonOnly: values['common'] === true, ...seedOf(values) })
  const { comparison, explanation } = values['anonymous'] === true ? anonymise(compared.comparison, compared.explanation) : compared
  const page = values['html']
  if (typeof page === 'string') await writeFileAtomically(page, (sink) => sink.write(Buffer.from(sidesPage(comparison, explanation))))
  if (values['json'] === true) output.result(jsonText(sidesJson(comparison, explanation)))
  else output.result(values['markdown'] === true ? sidesMarkdown(comparison, explanation) : sidesText(comparison, explanation))
  return ExitCode.Ok
}

function seedOf(values: OptionValues): { seed?: number } {
  const text = values['seed']
  if (typeof text !== 'string') return {}
  const seed = Number(text)
  if (!Number.isSafeInteger(seed)) throw usageError(compareCommand, `expected --seed with a whole number, got "${text}"`)
  return { seed }
}

async function compareTwoRuns(fileA: string, fileB: string, values: OptionValues, output: Output): Promise<ExitCode> {
  const options = importOptions(values)
  const [a, b] = [await openInput(fileA, options), await openInput(fileB, options)]
  if (a.kind === 'snapshot' && b.kind === 'snapshot') return compareTwoDumps(fileA, fileB, values, output)
  refuseOtherKinds(a, fileA)
  refuseOtherKinds(b, fileB)
  const named = listOf(values['heap'])
  if (named.length > 0 && a.kind === 'run' && b.kind === 'run') {
    throw new HeapscapeError('usage', { detail: '--heap replays traces; both inputs are runs already' })
  }
  const heaps = a.kind === 'run' && b.kind === 'run' ? [''] : named.length > 0 ? named : [DEFAULT_HEAP]
  const comparisons: Comparison[] = []
  for (const heap of heaps) comparisons.push(compareRuns(await asRun(a, fileA, heap), await asRun(b, fileB, heap)))
  if (values['json'] === true) output.result(jsonText({ comparisons: comparisons.map(comparisonJson) }))
  else output.result(comparisons.map(values['markdown'] === true ? comparisonMarkdown : comparisonText).join('\n\n'))
  return ExitCode.Ok
}

function refuseOtherKinds(document: AnyDocument, file: string): void {
  if (document.kind === 'snapshot') throw new HeapscapeError('not-comparable', { detail: `${path.basename(file)} is a snapshot; it is compared with another snapshot.` })
}

async function asRun(document: AnyDocument, file: string, heap: string): Promise<ComparisonInput> {
  const title = path.basename(file)
  if (document.kind === 'run') return { run: document, title }
  if (document.kind !== 'trace') throw new HeapscapeError('document-wrong-kind', { expected: 'a run or a trace', got: `a ${document.kind}` }, { file })
  const run = await withJob(`simulating ${title} in ${heap}`, (job) => runSimulation(document, { heap, overrides: {} }, job))
  return { run, title }
}
