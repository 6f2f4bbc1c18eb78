import type { Bench } from '../../../scripts/bench/bench-contract'
import { SimulatedProcess } from '../win32/simulated-process'
import type { LessonText } from './lesson-types'
import { runLesson } from './run-lesson'

const CALLS = 4000

/** 1000 blocks, every second one freed, then 1000 movable ones, locked, unlocked and freed: 4000 calls and two checks. */
const consoleLesson: LessonText = {
  number: 0,
  id: 'bench-console',
  title: '',
  idea: '',
  text: [],
  source: '',
  parts: [
    {
      title: 'calls',
      machine: 'console',
      script: `h = HeapCreate(0, 0, 0)
for i in 1..999: p[i] = HeapAlloc(h, 0, i % 200)
for i in 1..500: HeapFree(h, 0, p[2 * i - 1])
assert h.blocks = 499
for i in 1..625: g[i] = GlobalAlloc(GMEM_MOVEABLE, i)
for i in 1..625: GlobalLock(g[i])
for i in 1..625: GlobalUnlock(g[i])
for i in 1..625: GlobalFree(g[i])
assert handles.live = 0`,
      stops: [],
    },
  ],
}

/** The same number of operations of a heap manager, measured at the end. */
const heapLesson: LessonText = {
  ...consoleLesson,
  id: 'bench-heap',
  parts: [{ title: 'operations', machine: 'heap', script: 'heap first-fit h16\na 1..2500 240\nf 1..1500\nassert live = 240000\nassert holes = 1\nassert occupancy > 0', stops: [] }],
}

function lesson(text: LessonText): () => number {
  return () => {
    const start = performance.now()
    const { ok, operations } = runLesson(text)
    const ms = performance.now() - start
    if (!ok || operations < CALLS - 1) throw new Error(`${text.id}: ${operations} operations, ${ok ? 'all checks hold' : 'a check failed'}`)
    return ms
  }
}

/** The least it can cost: the calls themselves. */
function plainCalls(): number {
  const start = performance.now()
  const process = new SimulatedProcess()
  const heap = process.heapCreate(0, 0, 0)
  const blocks = new Float64Array(CALLS / 2)
  for (let i = 0; i < blocks.length; i++) blocks[i] = process.heapAlloc(heap, 0, i % 200)
  for (const block of blocks) process.heapFree(heap, 0, block)
  return performance.now() - start
}

const goal = '< 100 ms'

export const benches: Bench[] = [
  { name: 'lessons/calls', title: 'floor: 4,000 HeapAlloc and HeapFree of a simulated process, without a script', unit: 'ms', better: 'lower', prepare: () => ({ measure: plainCalls }) },
  { name: 'lessons/console', title: 'a lesson of 4,000 API calls: script read, carried out in a new process, figures checked', unit: 'ms', better: 'lower', goal, reference: 'lessons/calls', prepare: () => ({ measure: lesson(consoleLesson) }) },
  { name: 'lessons/heap', title: 'a lesson of 4,000 heap operations: script read, run recorded, figures checked', unit: 'ms', better: 'lower', goal, reference: 'lessons/calls', prepare: () => ({ measure: lesson(heapLesson) }) },
]
