import { runSimulation } from '../../../shared/jobs/run-simulation'
import { saveDocument } from '../../../shared/jobs/save-document'
import { describeSimulation } from '../../../shared/report/describe'
import { simulationText } from '../../../shared/report/describe-text'
import { writeFileAtomically } from '../../files/atomic-write'
import { type Command, ExitCode, listOf, parseSettings, usageError } from '../arguments'
import { asTrace, importOptions, INPUT_OPTIONS, openInput, withJob } from '../input'
import { jsonText } from '../output'

export const simulateCommand: Command = {
  name: 'simulate',
  usage: 'INPUT --heap ID [--profile ID] [--set name=value]... [--save OUT.heapscape] [--strict] [--json]',
  summary: 'replays a trace file or workload:G1 ... workload:G8 in a simulated heap',
  options: {
    ...INPUT_OPTIONS,
    heap: { type: 'string' },
    profile: { type: 'string' },
    set: { type: 'string', multiple: true },
    save: { type: 'string' },
    json: { type: 'boolean' },
  },
  takes: [1, 1],
  run: async ([input], values, output) => {
    const heap = values['heap']
    if (typeof heap !== 'string') throw usageError(simulateCommand, 'expected --heap ID (heapscape heaps lists them)')
    const profile = values['profile']
    const choice = { heap, overrides: parseSettings(listOf(values['set'])), ...(typeof profile === 'string' ? { profile } : {}) }
    const trace = asTrace(await openInput(input!, importOptions(values)), input!)
    const run = await withJob(`simulating ${heap}`, (job) => runSimulation(trace, choice, job))
    const out = values['save']
    if (typeof out === 'string') await withJob('saving', (job) => writeFileAtomically(out, (sink) => saveDocument(run, sink, {}, job)))
    const result = describeSimulation(run)
    if (values['json'] === true) output.result(jsonText(result))
    else output.result(simulationText(result))
    return ExitCode.Ok
  },
}
