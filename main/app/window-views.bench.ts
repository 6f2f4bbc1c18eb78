import { execFile } from 'node:child_process'
import { statSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import type { Bench, BenchMissing, BenchPlace } from '../../scripts/bench/bench-contract'
import { childBench } from '../../scripts/bench/peers/child-bench'
import type { Frames } from '../../scripts/bench/peers/frame-recorder.mjs'
import { growthPercent, type WindowRound } from '../../scripts/bench/peers/window-growth'
import { runOfManyBlocks } from '../../shared/analysis/testing/run-of-many-blocks'
import { quietJob } from '../../shared/base/job-context'
import { writeOwnFile } from '../../shared/file/write-own-file'
import { writeFileAtomically } from '../files/atomic-write'
import { loadParquet } from '../files/parquet-wasm'

/*
 * Runs of 1, 10 and 50 million blocks in the real window, moved as a hand moves them: one notch of the wheel in every frame.
 * The floor is the same window at rest, whose frames come as the screen wants them. One start of the application gives all
 * figures of a size.
 */
const SIZES = [1, 10, 50] as const
/** Opened, gone through, filtered and closed so often. */
const ROUNDS = 10
const run = promisify(execFile)

type Found = Readonly<Record<string, number | Frames>> & { readonly longestTasksMs: Readonly<Record<string, number>> }
interface Rounds {
  readonly rounds: readonly WindowRound[]
}
const sessions = new Map<number, Promise<Found>>()

const rounds = new Map<number, Promise<Rounds>>()
const files = new Map<number, Promise<string>>()

const once = <T>(known: Map<number, Promise<T>>, millions: number, begin: () => Promise<T>): Promise<T> => {
  const found = known.get(millions) ?? begin()
  known.set(millions, found)
  return found
}
const sessionOf = (millions: number, place: BenchPlace): Promise<Found> => once(sessions, millions, () => inWindow<Found>(millions, place, 'window-views.mjs'))
const roundsOf = (millions: number, place: BenchPlace): Promise<Rounds> => once(rounds, millions, () => inWindow<Rounds>(millions, place, 'window-rounds.mjs', String(ROUNDS)))

/** The last line that a program of scripts/bench/peers prints about a run of that size. */
async function inWindow<T>(millions: number, place: BenchPlace, program: string, ...more: readonly string[]): Promise<T> {
  const { projectRoot, electron, application } = place
  if ('missing' in electron || typeof application !== 'string') throw new Error('the window is not there')
  const file = await once(files, millions, () => writeElsewhere(place, millions))
  const script = path.join(projectRoot, 'scripts/bench/peers', program)
  const { stdout } = await run(process.execPath, [script, path.dirname(electron.executable), application, file, ...more, ...electron.args], { env: { ...process.env, ...electron.environment }, maxBuffer: 1 << 24 })
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as T
}

/** In a process of its own: the gigabytes it takes are given back before the window asks for as many. */
async function writeElsewhere(place: BenchPlace, millions: number): Promise<string> {
  const file = path.join(place.temporaryFolder, `run-${millions}m.heapscape`)
  const writer = await childBench(place, { moduleUrl: import.meta.url, exportName: 'runWriter', args: [file, String(millions)] })
  await writer.measure()
  await writer.dispose?.()
  return file
}

/** For a process of its own: writes a run of so many million blocks and answers the size of its file in bytes. */
export function runWriter(file: string, millions: string): () => Promise<number> {
  return async () => {
    await loadParquet()
    await writeFileAtomically(file, (sink) => writeOwnFile(runOfManyBlocks(Number(millions) * 1e6), sink, quietJob, { view: {} }))
    return statSync(file).size
  }
}

type Row = Pick<Bench, 'unit' | 'goal'> & { readonly name: string; readonly title: string; readonly of: (found: Found, millions: number) => number; readonly besideFloor?: true }

const frames = (found: Found, name: string): Frames => found[name] as Frames
const framesRows = (name: string, key: string, title: string, goal: string): Row[] => [
  { name: `${name}, median`, title: `${title}, from frame to frame`, unit: 'ms', goal: '<= 16.7 ms', of: (found) => frames(found, key).medianMs, besideFloor: true },
  { name: `${name}, p95`, title: 'the same, 95th percentile', unit: 'ms', goal, of: (found) => frames(found, key).p95Ms },
  { name: `${name}, worst`, title: 'the same, longest', unit: 'ms', of: (found) => frames(found, key).worstMs },
]
const longest = ({ longestTasksMs }: Found): number => Math.max(...Object.values(longestTasksMs))

const FLOOR = 'window at rest'
const ROWS: readonly Row[] = [
  { name: FLOOR, title: 'floor: frames of the open window with nothing to do', unit: 'ms', of: (found) => frames(found, 'idle').medianMs },
  { name: 'open', title: 'menu command to the painted map: file of a run read, measured, cut, drawn', unit: 'ms', goal: '<= 200 ms per million blocks', of: (found) => found['openMs'] as number },
  ...framesRows('map zoom', 'zoom', 'map zoomed by a notch a frame', '<= 33 ms, 50 ms at 50 M'),
  ...framesRows('map pan', 'pan', 'map moved by 40 pixels a frame', '<= 33 ms, 50 ms at 50 M'),
  ...framesRows('table scroll', 'scroll', 'table moved by 120 pixels a frame', '<= 33 ms'),
  ...framesRows('table jump', 'jump', 'scrollbar of the table thrown to another place every frame', '<= 33 ms'),
  ...['size', 'birth', 'site'].map((column): Row => ({ name: `window sort by ${column}`, title: 'click on the heading to the first rows in the new order', unit: 'ms', goal: '<= 2 s', of: (found) => found[`sort by ${column}`] as number })),
  { name: 'window filter', title: 'Enter in the field to the sums of what is kept', unit: 'ms', goal: '<= 2 s', of: (found) => found['filter'] as number },
  { name: 'longest task', title: "longest time the window's thread did not let go in all of that, opening, sorting and filtering included; 0: never above 50 ms", unit: 'ms', goal: '<= 50 ms', of: longest },
  { name: 'engine memory', title: 'of the engine process above the empty one: run, moment, orders; per block', unit: 'B', of: (found, millions) => (found['engineMegabytes'] as number) / millions },
]

type GrowthRow = Pick<Bench, 'goal'> & {
  readonly name: string
  readonly title: string
  readonly of: (round: WindowRound) => number
}
const GROWTH_GOAL = '<= 5 %'
const GROWTH_ROWS: readonly GrowthRow[] = [
  { name: 'engine growth while open', title: 'resident memory of the engine with the run open, gone through and filtered', goal: GROWTH_GOAL, of: (round) => round.engineOpenMegabytes },
  { name: 'engine growth', title: 'resident memory of the engine after the run was closed and garbage collected', goal: GROWTH_GOAL, of: (round) => round.engineMegabytes },
  { name: 'engine held growth', title: "what the engine's runtime holds after that: its objects and the memory of its columns", goal: GROWTH_GOAL, of: (round) => round.engineHeldMegabytes },
  { name: 'window growth', title: "resident memory of the page's process after that", goal: GROWTH_GOAL, of: (round) => round.pageMegabytes },
  { name: 'window held growth', title: "objects the page's scripts hold after that, without what V8 compiled of the scripts", goal: GROWTH_GOAL, of: (round) => round.pageHeldMegabytes },
  { name: 'window code growth', title: 'that compiled code alone, which grows until what runs often is optimised', of: (round) => round.pageCodeMegabytes },
]

const growthBenches = (millions: number): Bench[] => GROWTH_ROWS.map(({ name, title, goal, of }) => ({
  name: `views/${millions} M ten rounds, ${name}`,
  title: `${title}: median of the last three of ${ROUNDS} rounds (open, five events, sort, filter, close) above that of the second to fourth; run of ${millions} million blocks`,
  unit: '%',
  better: 'lower',
  ...(goal === undefined ? {} : { goal }),
  once: true,
  needsWindow: true,
  prepare: (place) => whereWindow(place, async () => growthPercent((await roundsOf(millions, place)).rounds.map(of))),
}))

function whereWindow(place: BenchPlace, measure: () => Promise<number>): BenchMissing | { measure: () => Promise<number> } {
  if ('missing' in place.electron) return place.electron
  return typeof place.application === 'string' ? { measure } : place.application
}

function benchesOf(millions: number): Bench[] {
  const views = ROWS.map(({ name, title, unit, goal, of, besideFloor }): Bench => ({
    name: `views/${millions} M ${name}`,
    title: `${title}; run of ${millions} million blocks`,
    unit,
    better: 'lower',
    once: true,
    needsWindow: true,
    ...(goal === undefined ? {} : { goal }),
    ...(besideFloor === undefined ? {} : { reference: `views/${millions} M ${FLOOR}` }),
    prepare: (place) => whereWindow(place, async () => of(await sessionOf(millions, place), millions)),
  }))
  return [...views, ...growthBenches(millions)]
}

export const benches: Bench[] = SIZES.flatMap(benchesOf)
