import { figureDefinitions, type RunFigures } from '../../../shared/analysis/compare/run-figures'
import { rankSweep, type SweepResult } from '../../../shared/analysis/sweep/sweep-ranking'
import { HeapscapeError } from '../../../shared/base/errors'
import { quietJob } from '../../../shared/base/job-context'
import { encodeDatasetRun } from '../../../shared/file/dataset/figure-dataset'
import { planSweep, type Shard, type SweepPoint } from '../../../shared/jobs/sweep/sweep-plan'
import { sweepJson, sweepText } from '../../../shared/report/sweep-report'
import { type Command, ExitCode, listOf, type OptionValues, parseSettings, usageError } from '../arguments'
import { importOptions, INPUT_OPTIONS, withJob } from '../input'
import { jsonText } from '../output'
import { contentDigest, SweepFolder } from '../sweep/sweep-folder'
import { inputName, type SweepOrder } from '../sweep/sweep-work'
import { carryOutAll } from '../sweep/worker-pool'
import { availableParallelism } from 'node:os'

export const sweepCommand: Command = {
  name: 'sweep',
  usage: 'INPUT... --heaps ID,ID [--set name=a,b,c]... [--jobs N] [--shard i/n] [--out DIR] [--json]',
  summary: 'replays traces in many heaps and settings in parallel, ranks them and advises',
  options: {
    ...INPUT_OPTIONS,
    heaps: { type: 'string' },
    set: { type: 'string', multiple: true },
    jobs: { type: 'string' },
    shard: { type: 'string' },
    out: { type: 'string' },
    json: { type: 'boolean' },
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
    const order = ({ key, input, request }: SweepPoint): SweepOrder => ({ key, input: inputs[input]!, request, options })
    const contents = folder === undefined ? [] : await Promise.all(inputs.map(contentDigest))
    const keep = folder === undefined ? undefined : keeperOf(folder, points, contents)
    const figures = await carryOutPoints(points, order, jobsOf(values), keep)
    const results = points.map(({ key, input, settings }): SweepResult => ({ key, input: inputName(inputs[input]!), settings, figures: figures.get(key)! }))
    const ranking = rankSweep(results)
    if (folder !== undefined) {
      for (const result of results) await folder.writePart(result.key, await encodeDatasetRun(datasetRun(result), quietJob))
      await folder.writeSummary(sweepJson(ranking, results))
    }
    output.result(values['json'] === true ? jsonText(sweepJson(ranking, results)) : sweepText(ranking))
    return ExitCode.Ok
  },
}

interface PointKeeper {
  read(key: string): RunFigures | undefined
  write(key: string, figures: RunFigures): Promise<void>
}

function keeperOf(folder: SweepFolder, points: readonly SweepPoint[], contents: readonly string[]): PointKeeper {
  const contentOf = new Map(points.map(({ key, input }) => [key, contents[input]!]))
  return { read: (key) => folder.read(key, contentOf.get(key)!), write: (key, figures) => folder.write(key, contentOf.get(key)!, figures) }
}

/** Every point's figures: from the folder where it is finished, else carried out now. */
async function carryOutPoints(points: readonly SweepPoint[], order: (point: SweepPoint) => SweepOrder, jobs: number, keep: PointKeeper | undefined): Promise<Map<string, RunFigures>> {
  const figures = new Map<string, RunFigures>()
  const open: SweepOrder[] = []
  for (const point of points) {
    const known = keep?.read(point.key)
    if (known === undefined) open.push(order(point))
    else figures.set(point.key, known)
  }
  await withJob('sweeping', async (job) => {
    const report = (): void => job.progress({ done: figures.size, total: points.length, unit: 'runs' })
    report()
    for await (const answer of carryOutAll(open, jobs)) {
      if ('failure' in answer) throw new HeapscapeError(answer.failure.code, answer.failure.facts, answer.failure.where)
      figures.set(answer.key, answer.figures)
      await keep?.write(answer.key, answer.figures)
      report()
    }
  })
  return figures
}

function datasetRun({ input, settings, figures }: SweepResult): Parameters<typeof encodeDatasetRun>[0] {
  const { request } = figures.conditions
  return {
    input,
    traceHash: figures.source.traceHash,
    heap: request.heap,
    profile: request.profile,
    parameters: JSON.stringify(request.parameters),
    settings: Object.entries(settings).map(([name, value]) => `${name}=${value}`).join(','),
    events: figures.events,
    figures: figureDefinitions.flatMap(({ id, unit }) => {
      const value = figures.values[id]
      return value === null || value === undefined ? [] : [{ id, unit, value }]
    }),
  }
}

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
