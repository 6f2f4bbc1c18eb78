import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import path from 'node:path'
import { drawingsOf, splitsOf, type DrawnPoint } from '../../shared/analysis/sweep/sweep-drawings'
import { rankSweep } from '../../shared/analysis/sweep/sweep-ranking'
import { HeapscapeError } from '../../shared/base/errors'
import { quietJob, type JobContext } from '../../shared/base/job-context'
import { MOST_SWEEP_POINTS, type SweepForm, type SweepLines, type SweepMethods, type SweepOutlook, type SweepReport, type SweepSetup } from '../../shared/ipc/sweep-api'
import { estimateSweep, SweepRates, tryRate } from '../../shared/jobs/sweep/estimate-sweep'
import { runSweep, type PointKeeper, type PointNews } from '../../shared/jobs/sweep/run-sweep'
import { encodeSweepResult } from '../../shared/jobs/sweep/sweep-dataset'
import { planSweep, type SweepPoint } from '../../shared/jobs/sweep/sweep-plan'
import { sweepPage } from '../../shared/report/html/sweep-page'
import { sweepCsv, sweepJson } from '../../shared/report/sweep-report'
import { writeFileAtomically } from '../files/atomic-write'
import { SweepFolder } from '../sweep/sweep-folder'
import type { SweepAnswer, SweepShare } from '../sweep/sweep-work'
import { carryOutAll, type StartWorker } from '../sweep/worker-pool'
import type { Documents } from './documents'
import type { Handlers } from './handlers'
import type { StartHelper } from './helper-processes'
import type { PathTable } from './path-table'
import { findInputs, SharedInputs, type SweepInput } from './sweep-inputs'

export interface SweepWorld {
  readonly documents: Documents
  readonly sources: PathTable
  readonly targets: PathTable
  readonly startHelper: StartHelper
  /** Keeps finished points; null when nothing can be kept. */
  readonly sweepStore: SweepFolder | null
}

interface Finished {
  readonly inputs: readonly string[]
  readonly points: readonly DrawnPoint[]
}

/** Sweeps of the window: plans, points under way in helpers, and the results it asks about. */
class Sweeps {
  readonly #world: SweepWorld
  readonly #rates = new SweepRates()
  readonly #tried = new Set<string>()
  readonly #finished = new Map<string, Finished>()
  readonly #datasets = new Map<string, readonly string[]>()
  #lastId = 0

  constructor(world: SweepWorld) {
    this.#world = world
  }

  async outlook(setup: SweepSetup): Promise<SweepOutlook> {
    const inputs = await findInputs(this.#world.documents, setup.inputs)
    const points = planOf(setup, inputs)
    const keeper = this.#keeper(inputs)
    const open = points.filter((point) => keeper.read(point) === undefined)
    const processes = availableParallelism()
    const events = open.reduce((sum, { input }) => sum + inputs[input]!.trace.events, 0)
    const measured = this.#rates.isMeasured
    if (!measured && open.length > 0) await this.#try(inputs[open[0]!.input]!)
    const seconds = estimateSweep(open, inputs.map(({ trace }) => trace.events), processes, this.#rates)
    return { points: points.length, finished: points.length - open.length, processes, events, seconds, basis: seconds === null ? 'none' : measured ? 'measured' : 'trial' }
  }

  async run({ baseline, ...setup }: SweepSetup & { readonly baseline: string | null }, job: JobContext): Promise<SweepReport> {
    const inputs = await findInputs(this.#world.documents, setup.inputs)
    const points = planOf(setup, inputs)
    const names = inputs.map(({ name }) => name)
    const finished = await runSweep(points, { names, carryOut: (open) => this.#carryOut(open, inputs, job), keeper: this.#keeper(inputs) }, job)
    const sweepId = `sweep${++this.#lastId}`
    this.#finished.set(sweepId, { inputs: names, points: finished })
    return this.report(sweepId, baseline ?? undefined)
  }

  report(sweepId: string, baseline: string | undefined): SweepReport {
    const { inputs, points } = this.find(sweepId)
    const ranking = rankSweep(points, baseline)
    return { sweepId, inputs, points: points.length, ranking, splits: splitsOf(points, ranking.points.map(({ key }) => key)) }
  }

  find(sweepId: string): Finished {
    const found = this.#finished.get(sweepId)
    if (found === undefined) throw new HeapscapeError('document-unknown', { id: sweepId })
    return found
  }

  /** A dataset of the sweep in a temporary folder, which goes with the sweep. */
  async dataset(sweepId: string, job: JobContext): Promise<string> {
    const folder = mkdtempSync(path.join(tmpdir(), 'heapscape-dataset-'))
    this.#datasets.set(sweepId, [...(this.#datasets.get(sweepId) ?? []), folder])
    await writeDataset(this.find(sweepId).points, new SweepFolder(folder), job)
    return folder
  }

  close(sweepId: string): void {
    this.#finished.delete(sweepId)
    for (const folder of this.#datasets.get(sweepId) ?? []) rmSync(folder, { recursive: true, force: true })
    this.#datasets.delete(sweepId)
  }

  /** Traces are written once for all helpers, and taken away when the last point is done or the sweep is stopped. */
  async *#carryOut(open: readonly SweepPoint[], inputs: readonly SweepInput[], job: JobContext): AsyncGenerator<PointNews> {
    if (open.length === 0) return
    const shared = new SharedInputs()
    try {
      const paths = new Map<number, string>()
      for (const place of new Set(open.map(({ input }) => input))) paths.set(place, await shared.share(inputs[place]!, place, { ...quietJob, checkpoint: () => job.checkpoint() }))
      const orders = open.map(({ key, input, request }) => ({ key, input: paths.get(input)!, request, options: { mode: 'compatible' as const } }))
      const pointOf = new Map(open.map((point) => [point.key, point]))
      for await (const news of carryOutAll(orders, availableParallelism(), workerStarter(this.#world.startHelper))) {
        if (news !== null && 'measure' in news) this.#rates.add(pointOf.get(news.key)!.request.heap, news.seconds, news.measure.figures.events)
        yield news
      }
    } finally {
      shared.remove()
    }
  }

  #keeper(inputs: readonly SweepInput[]): PointKeeper {
    const store = this.#world.sweepStore
    return {
      read: ({ key, input }) => {
        const { content } = inputs[input]!
        return content === null ? undefined : store?.read(key, content)
      },
      write: async ({ key, input }, measure) => {
        const { content } = inputs[input]!
        if (content !== null) await store?.write(key, content, measure)
      },
    }
  }

  async #try({ trace, name }: SweepInput): Promise<void> {
    if (this.#tried.has(name)) return
    this.#tried.add(name)
    await tryRate(trace, this.#rates, () => performance.now())
  }
}

function planOf({ heaps, values }: SweepSetup, inputs: readonly SweepInput[]): SweepPoint[] {
  const points = planSweep(inputs.map(({ name }) => name), heaps, values)
  if (points.length > MOST_SWEEP_POINTS) throw new HeapscapeError('input-too-large', { expected: `at most ${MOST_SWEEP_POINTS} points in the window (heapscape sweep takes any number)`, got: points.length })
  return points
}

/** A helper of role `sweep` as a worker of the pool. */
function workerStarter(startHelper: StartHelper): StartWorker {
  return ({ message, ended }) => {
    const helper = startHelper('sweep', { message: (answer) => message(answer as SweepAnswer | SweepShare), ended })
    const end = (): void => helper.end()
    return { send: (order) => helper.send(order), release: end, kill: end }
  }
}

export function sweepHandlers(world: SweepWorld): Handlers<keyof SweepMethods> {
  const sweeps = new Sweeps(world)
  return {
    sweepOutlook: (setup) => sweeps.outlook(setup),
    sweepRun: (setup, job) => sweeps.run(setup, job),
    sweepRank: ({ sweepId, baseline }) => sweeps.report(sweepId, baseline),
    sweepLines: ({ sweepId, input, variants }) => linesOf(sweeps.find(sweepId), input, variants),
    sweepSave: async ({ sweepId, baseline, form, targetId }, job) => {
      const { path: file, name } = world.targets.get(targetId)
      await saveSweep(sweeps.find(sweepId), { form, file, baseline }, job)
      return { name }
    },
    sweepDataset: async ({ sweepId }, job) => {
      const folder = await sweeps.dataset(sweepId, job)
      const sourceId = `dataset-${path.basename(folder)}`
      const name = 'dataset of the sweep'
      world.sources.register(sourceId, { path: folder, name })
      return { sourceId, name }
    },
    sweepClose: ({ sweepId }) => {
      sweeps.close(sweepId)
      return null
    },
  }
}

function linesOf({ points }: Finished, input: string, variants: readonly string[]): SweepLines {
  const drawings = drawingsOf(points, input, variants)
  return {
    lastEvent: Math.max(0, ...drawings.map(({ drawing }) => drawing.events.at(-1) ?? 0)),
    lines: drawings.map(({ key, drawing }) => ({ key, events: drawing.events, footprint: drawing.footprint })),
    live: drawings[0]?.drawing.live ?? null,
  }
}

async function saveSweep({ points }: Finished, { form, file, baseline }: { readonly form: SweepForm; readonly file: string; readonly baseline: string }, job: JobContext): Promise<void> {
  const ranking = rankSweep(points, baseline)
  if (form === 'dataset') {
    const folder = new SweepFolder(file)
    await writeDataset(points, folder, job)
    return folder.writeSummary(sweepJson(ranking, points))
  }
  const text = form === 'csv' ? `${sweepCsv(ranking)}\n` : form === 'json' ? `${JSON.stringify(sweepJson(ranking, points), null, 2)}\n` : sweepPage(ranking, points)
  await writeFileAtomically(file, (sink) => sink.write(new TextEncoder().encode(text)))
}

async function writeDataset(points: readonly DrawnPoint[], folder: SweepFolder, job: JobContext): Promise<void> {
  for (let done = 0; done < points.length; done++) {
    job.progress({ done, total: points.length, unit: 'runs' })
    await job.checkpoint()
    await folder.writePart(points[done]!.key, await encodeSweepResult(points[done]!, job))
  }
}
