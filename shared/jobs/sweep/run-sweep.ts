import type { SweepMeasure } from '../../analysis/sweep/sweep-measure'
import type { DrawnPoint } from '../../analysis/sweep/sweep-drawings'
import { HeapscapeError, type Failure } from '../../base/errors'
import type { JobContext } from '../../base/job-context'
import type { SweepPoint } from './sweep-plan'

/**
 * What comes from whoever carries points out: a finished point, a failed one, how much of one is done (0 to 1), or null
 * now and then while there is nothing to tell, so that a cancel is noticed.
 */
export type PointNews =
  | null
  | { readonly key: string; readonly measure: SweepMeasure }
  | { readonly key: string; readonly failure: Failure }
  | { readonly key: string; readonly share: number }

/** Where finished points are kept, so that a sweep that was stopped goes on. */
export interface PointKeeper {
  read(point: SweepPoint): SweepMeasure | undefined
  write(point: SweepPoint, measure: SweepMeasure): Promise<void>
}

export interface SweepWork {
  /** Of the inputs, by their place in the plan. */
  readonly names: readonly string[]
  /** Carries out the points given, in any order. When it is returned early it leaves nothing running. */
  readonly carryOut: (points: readonly SweepPoint[]) => AsyncGenerator<PointNews>
  readonly keeper?: PointKeeper | undefined
}

/**
 * Every point's measure, in order of the plan: kept ones as they are, the others carried out. The same points give the
 * same measures however many workers there are.
 * @throws HeapscapeError what a point fails with; `cancelled` (finished points stay with the keeper)
 */
export async function runSweep(points: readonly SweepPoint[], { names, carryOut, keeper }: SweepWork, job: JobContext): Promise<DrawnPoint[]> {
  const measures = new Map<string, SweepMeasure>()
  const open: SweepPoint[] = []
  for (const point of points) {
    const known = keeper?.read(point)
    if (known === undefined) open.push(point)
    else measures.set(point.key, known)
  }
  await finish(new Map(open.map((point) => [point.key, point])), carryOut(open), { measures, total: points.length, keeper, job })
  return points.map(({ key, input, settings }) => ({ key, input: names[input]!, settings, ...measures.get(key)! }))
}

interface Finishing {
  readonly measures: Map<string, SweepMeasure>
  readonly total: number
  readonly keeper: PointKeeper | undefined
  readonly job: JobContext
}

async function finish(open: ReadonlyMap<string, SweepPoint>, news: AsyncGenerator<PointNews>, { measures, total, keeper, job }: Finishing): Promise<void> {
  const shares = new Map<string, number>()
  const report = (): void => job.progress({ done: measures.size + [...shares.values()].reduce((sum, share) => sum + share, 0), total, unit: 'runs' })
  report()
  try {
    for await (const one of news) {
      if (one !== null && 'failure' in one) throw new HeapscapeError(one.failure.code, one.failure.facts, one.failure.where)
      if (one !== null && 'share' in one) shares.set(one.key, one.share)
      else if (one !== null) {
        shares.delete(one.key)
        measures.set(one.key, one.measure)
        // A cancel is looked for after this, so that it never loses what is finished.
        await keeper?.write(open.get(one.key)!, one.measure)
      }
      report()
      await job.checkpoint()
    }
  } finally {
    await news.return(undefined)
  }
}
