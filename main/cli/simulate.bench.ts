import path from 'node:path'
import type { Bench } from '../../scripts/bench/bench-contract'
import { timeProgram } from '../../scripts/bench/peers/programs'
import { mtraceLog } from '../../scripts/bench/samples/sample-files'

export const benches: Bench[] = [
  {
    name: 'cli/simulate',
    title: 'built command line, whole process: mtrace log of 1 M events read, replayed with segregated fits, measured (M14, M15, peaks); MB of text',
    unit: 'MB/s',
    better: 'higher',
    reference: 'parse/mtrace, mtrace script',
    goal: '4x the mtrace script, which only reads',
    prepare: (place) => {
      const { file, bytes } = mtraceLog(place)
      const program = path.join(place.projectRoot, 'out/cli/heapscape.mjs')
      return { measure: () => bytes / 1000 / timeProgram(process.execPath, [program, 'simulate', file, '--heap', 'segregated']) }
    },
  },
  {
    name: 'cli/start',
    title: 'built command line, whole process: lists the heaps',
    unit: 'ms',
    better: 'lower',
    reference: 'cli/node',
    prepare: (place) => {
      const program = path.join(place.projectRoot, 'out/cli/heapscape.mjs')
      return { measure: () => timeProgram(process.execPath, [program, 'heaps']) }
    },
  },
  {
    name: 'cli/node',
    title: 'floor: Node that runs nothing',
    unit: 'ms',
    better: 'lower',
    prepare: () => ({ measure: () => timeProgram(process.execPath, ['-e', '0']) }),
  },
]
