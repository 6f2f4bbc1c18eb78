import { rankSweep } from '../../../shared/analysis/sweep/sweep-ranking'
import { quietJob } from '../../../shared/base/job-context'
import { runSweep, type PointKeeper } from '../../../shared/jobs/sweep/run-sweep'
import { encodeSweepResult } from '../../../shared/jobs/sweep/sweep-dataset'
import { planSweep, type Shard } from '../../../shared/jobs/sweep/sweep-plan'
import { sweepPage } from '../../../shared/report/html/sweep-page'
import { sweepCsv, sweepJson, sweepText } from '../../../shared/report/sweep-report'
import { writeFileAtomically } from '../../files/atomic-write'
import { contentDigest, SweepFolder } from '../../sweep/sweep-folder'
import { inputName } from '../../sweep/sweep-work'
import { carryOutAll } from '../../sweep/worker-pool'
import { type Command, ExitCode, listOf, type OptionValues, parseSettings, usageError } from '../arguments'
import { importOptions, INPUT_OPTIONS, withJob } from '../input'
import { jsonText } from '../output'
import { startFork } from '../sweep/forked-worker'
import { availableParallelism } from 'node:os'

export const sweepCommand: Command = {
  name: 'sweep',
  usage: 'INPUT... --heaps ID,ID [--set name=a,b,c]... [--jobs N] [--shard i/n] [--baseline HEAP] [--out DIR] [--html FILE] [--json|--csv]',
  summary: 'replays traces in many heaps and settings in parallel, ranks them and advises',
  options: {
    ...INPUT_OPTIONS,
    heaps: { type: 'string' },
    set: { type: 'string', multiple: true },
    jobs: { type: 'string' },
    shard: { type: 'string' },
    baseline: { type: 'string' },
    out: { type: 'string' },
    html: { type: 'string' },
    json: { type: 'boolean' },
    csv: { type: 'boolean' },
  },
  takes: [1, Number.MAX_SAFE_INTEGER],
  run: async (inputs, values, output) => {
    const heaps = textOf(values, 'heaps')?.split(',')
    if (heaps === undefined) throw usageError(sweepCommand, 'expected --heaps ID,ID (heapscape heaps lists them)')
    const choices = Object.fromEntries(Object.entries(parseSettings(listOf(values['set']))).map(([name, list]) => [name, list.split(',')]))
    const points = planSweep(inputs.map(inputName), heaps, choices, shardOf(values))
    if (points.length === 0) throw usageError(sweepCommand, 'this shard holds no point of the plan')
    const out = textOf(values, 'out')
    const folder = out === undefined ? undefined : new SweepFolder(out)
    const options = importOptions(values)
    const jobs = jobsOf(values)
    const contents = folder === undefined ? [] : await Promise.all(inputs.map(contentDigest))
    const finished = await withJob('sweeping', (job) =>
      runSweep(points, {
        names: inputs.map(inputName),
        carryOut: (open) => {
          const orders = open.map(({ key, input, request }) => ({ key, input: inputs[input]!, request, options }))
          return carryOutAll(orders, jobs, jobs <= 1 || orders.length <= 1 ? undefined : startFork)
        },
        keeper: folder === undefined ? undefined : keeperOf(folder, contents),
      }, job))
    const ranking = rankSweep(finished, textOf(values, 'baseline'))
    if (folder !== undefined) {
      for (const result of finished) await folder.writePart(result.key, await encodeSweepResult(result, quietJob))
      await folder.writeSummary(sweepJson(ranking, finished))
    }
    const page = textOf(values, 'html')
    if (page !== undefined) await writeFileAtomically(page, (sink) => sink.write(Buffer.from(sweepPage(ranking, finished))))
    if (values['json'] === true) output.result(jsonText(sweepJson(ranking, finished)))
    else output.result(values['csv'] === true ? sweepCsv(ranking) : sweepText(ranking))
    return ExitCode.Ok
  },
}

const keeperOf = (folder: SweepFolder, contents: readonly string[]): PointKeeper => ({
  read: ({ key, input }) => folder.read(key, contents[input]!),
  write: ({ key, input }, measure) => folder.write(key, contents[input]!, measure),
})

const textOf = (values: OptionValues, name: string): string | undefined => {
  const value = values[name]
  return typeof value === 'string' ? value : undefined
}

function jobsOf(values: OptionValues): number {
  const text = textOf(values, 'jobs')
  if (text === undefined) return availableParallelism()
  const jobs = Number(text)
  if (!Number.isInteger(jobs) || jobs < 1) throw usageError(sweepCommand, `expected --jobs with a whole number from 1, got "${text}"`)
  return jobs
}

function shardOf(values: OptionValues): Shard {
  const text = textOf(values, 'shard')
  if (text === undefined) return { index: 1, count: 1 }
  const [index, count] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).slice(1).map(Number)
  if (index === undefined || count === undefined || index < 1 || index > count) throw usageError(sweepCommand, `expected --shard i/n with i from 1 to n, got "${text}"`)
  return { index, count }
}
