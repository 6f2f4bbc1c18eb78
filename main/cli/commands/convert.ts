import path from 'node:path'
import { HeapscapeError } from '../../../shared/base/errors'
import type { JobContext } from '../../../shared/base/job-context'
import type { Loss } from '../../../shared/file/export/trace-target'
import { layoutsWith } from '../../../shared/heapwalk/layouts/choose-layout'
import { exactLayoutOf, exportDump } from '../../../shared/jobs/export-dump'
import { exportTrace, TRACE_TARGETS, traceTargetOf } from '../../../shared/jobs/export-trace'
import { exportSimulatedDump } from '../../../shared/jobs/materialise/simulated-dump'
import { type ByteSink, saveDocument } from '../../../shared/jobs/save-document'
import type { AnyDocument } from '../../../shared/model/run'
import { resolveRequest } from '../../../shared/sim/profiles'
import { writeFileAtomically } from '../../files/atomic-write'
import { type Command, ExitCode, type OptionValues, usageError } from '../arguments'
import { importOptions, INPUT_OPTIONS, openInput, withJob } from '../input'
import { jsonText } from '../output'

const OWN_EXTENSION = 'heapscape'
const DUMP_EXTENSION = 'dmp'
const EXTENSIONS = [OWN_EXTENSION, DUMP_EXTENSION, ...TRACE_TARGETS.flatMap(({ extensions }) => extensions)]
const DUMP_OPTIONS = ['layout', 'bits', 'event', 'heap', 'profile'] as const

/** Build whose structures a dump gets when none is named: the last that x64 and x86 both have. */
const DEFAULT_LAYOUT = 'win10_2004'
/** Keys of the heaps in a dump are drawn with it: the same input gives the same file. */
const SEED = 1

interface Target {
  /** Id of the importer that reads the file back. */
  readonly format: string
  /** Answers what the format cannot hold. */
  write(document: AnyDocument, sink: ByteSink, job: JobContext): Promise<Loss[]>
}

export const convertCommand: Command = {
  name: 'convert',
  usage: 'IN OUT [--layout BUILD] [--bits 64|32] [--heap segment-heap [--profile ID]] [--event N] [--strict] [--json]',
  summary: `writes any input as .heapscape, a trace also as ${TRACE_TARGETS.map(({ extensions }) => `.${extensions[0]!}`).join(', ')}, the heaps of a run or snapshot, or of a trace in a simulated heap, as a Windows .dmp`,
  options: { ...INPUT_OPTIONS, layout: { type: 'string' }, bits: { type: 'string' }, event: { type: 'string' }, heap: { type: 'string' }, profile: { type: 'string' }, json: { type: 'boolean' } },
  takes: [2, 2],
  run: async ([input, out], values, output) => {
    const target = targetOf(out!, values)
    const document = await openInput(input!, importOptions(values))
    const lost: Loss[] = []
    await withJob('saving', (job) =>
      writeFileAtomically(out!, async (sink) => {
        lost.push(...(await target.write(document, sink, job)))
      }),
    )
    for (const { text } of lost) output.warning?.(text)
    if (values['json'] === true) output.result(jsonText({ file: path.basename(out!), kind: document.kind, format: target.format, lost }))
    return ExitCode.Ok
  },
}

/** @throws HeapscapeError `usage` */
function targetOf(out: string, values: OptionValues): Target {
  const extension = path.extname(out).slice(1).toLowerCase()
  if (extension === DUMP_EXTENSION) return dumpTarget(values)
  const unused = DUMP_OPTIONS.find((name) => values[name] !== undefined)
  if (unused !== undefined) throw usageError(convertCommand, `--${unused} is for .${DUMP_EXTENSION} files`)
  if (extension === OWN_EXTENSION) return { format: OWN_EXTENSION, write: (document, sink, job) => saveDocument(document, sink, {}, job).then(() => []) }
  const target = traceTargetOf(extension)
  if (target !== undefined) return { format: target.id, write: (document, sink, job) => exportTrace(document, target, sink, job) }
  throw new HeapscapeError('usage', { detail: `convert writes ${EXTENSIONS.map((known) => `.${known}`).join(', ')} files, got "${path.basename(out)}"` })
}

function dumpTarget(values: OptionValues): Target {
  if (values['heap'] !== undefined) return simulatedDumpTarget(values)
  if (values['profile'] !== undefined) throw usageError(convertCommand, '--profile is for --heap')
  const { bits, build, event } = dumpPlan(values)
  // Nothing asked for: a run of a Windows heap becomes the process of its own Windows.
  const isFree = values['bits'] === undefined && values['layout'] === undefined
  return {
    format: 'minidump',
    write: (document, sink, job) => exportDump(document, event, { bits, build, ...(isFree ? exactLayoutOf(document) : {}), seed: SEED }, sink, job),
  }
}

/** The profile says bitness and build. */
function simulatedDumpTarget(values: OptionValues): Target {
  const unused = (['layout', 'bits'] as const).find((name) => values[name] !== undefined)
  if (unused !== undefined) throw usageError(convertCommand, `--${unused} comes with the profile of --heap`)
  const { heap, profile } = values
  const request = resolveRequest(String(heap), typeof profile === 'string' ? profile : undefined, {})
  const event = eventOf(values)
  return { format: 'minidump', write: (document, sink, job) => exportSimulatedDump(document, request, event, SEED, sink, job).then(() => []) }
}

function eventOf(values: OptionValues): number | undefined {
  const event = values['event'] === undefined ? undefined : Number(values['event'])
  if (event !== undefined && !(Number.isSafeInteger(event) && event >= 0)) throw usageError(convertCommand, '--event takes a number of events')
  return event
}

function dumpPlan(values: OptionValues) {
  const bits = values['bits'] ?? '64'
  if (bits !== '64' && bits !== '32') throw usageError(convertCommand, '--bits takes 64 or 32')
  const width = bits === '64' ? 64 : 32
  const known = layoutsWith(width, 'HEAP').map(({ key }) => key)
  const wanted = values['layout'] ?? DEFAULT_LAYOUT
  const build = known.find((key) => key === wanted)
  if (build === undefined) throw usageError(convertCommand, `--layout takes, for ${bits} bits, one of ${known.join(', ')}`)
  return { bits: width, build, event: eventOf(values) } as const
}
