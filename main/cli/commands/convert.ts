import path from 'node:path'
import { HeapscapeError } from '../../../shared/base/errors'
import { layoutsWith } from '../../../shared/heapwalk/layouts/choose-layout'
import { exportDump } from '../../../shared/jobs/export-dump'
import { saveDocument } from '../../../shared/jobs/save-document'
import { writeFileAtomically } from '../../files/atomic-write'
import { type Command, ExitCode, type OptionValues, usageError } from '../arguments'
import { importOptions, INPUT_OPTIONS, openInput, withJob } from '../input'

/** Build whose structures a dump gets when none is named: the last that x64 and x86 both have. */
const DEFAULT_LAYOUT = 'win10_2004'
/** Keys of the heaps in a dump are drawn with it: the same input gives the same file. */
const SEED = 1

export const convertCommand: Command = {
  name: 'convert',
  usage: 'IN OUT.heapscape|OUT.dmp [--layout BUILD] [--bits 64|32] [--event N] [--strict]',
  summary: 'writes any input as a .heapscape file, or the heaps of a run or snapshot as a Windows dump',
  options: { ...INPUT_OPTIONS, layout: { type: 'string' }, bits: { type: 'string' }, event: { type: 'string' } },
  takes: [2, 2],
  run: async ([input, out], values) => {
    const kind = path.extname(out!)
    if (kind !== '.heapscape' && kind !== '.dmp') throw new HeapscapeError('usage', { detail: `convert writes .heapscape and .dmp files, got "${path.basename(out!)}"` })
    const plan = dumpPlan(values)
    const unused = (['layout', 'bits', 'event'] as const).find((name) => kind !== '.dmp' && values[name] !== undefined)
    if (unused !== undefined) throw usageError(convertCommand, `--${unused} is for .dmp files`)
    const document = await openInput(input!, importOptions(values))
    await withJob('saving', (job) =>
      writeFileAtomically(out!, (sink) => (kind === '.dmp' ? exportDump(document, plan.event, { ...plan, seed: SEED }, sink, job) : saveDocument(document, sink, {}, job))),
    )
    return ExitCode.Ok
  },
}

function dumpPlan(values: OptionValues) {
  const bits = values['bits'] ?? '64'
  if (bits !== '64' && bits !== '32') throw usageError(convertCommand, '--bits takes 64 or 32')
  const width = bits === '64' ? 64 : 32
  const known = layoutsWith(width, 'HEAP').map(({ key }) => key)
  const wanted = values['layout'] ?? DEFAULT_LAYOUT
  const build = known.find((key) => key === wanted)
  if (build === undefined) throw usageError(convertCommand, `--layout takes, for ${bits} bits, one of ${known.join(', ')}`)
  const event = values['event'] === undefined ? undefined : Number(values['event'])
  if (event !== undefined && !(Number.isSafeInteger(event) && event >= 0)) throw usageError(convertCommand, '--event takes a number of events')
  return { bits: width, build, event } as const
}
