import { randomInt } from 'node:crypto'
import path from 'node:path'
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises'
import { HeapscapeError } from '../../../shared/base/errors'
import type { JobContext } from '../../../shared/base/job-context'
import { writeMinidump } from '../../../shared/dumpfile/write-minidump'
import { saveDocument } from '../../../shared/jobs/save-document'
import { CAPTURE_WAYS, type CaptureFacts, type CaptureWay } from '../../../shared/model/live-capture'
import { textTable } from '../../../shared/report/text-table'
import { writeFileAtomically } from '../../files/atomic-write'
import { captureProcess } from '../../live/capture/capture-process'
import { DEFAULT_BUDGET_BYTES, DEFAULT_SUSPENSION_MS, type Capture } from '../../live/capture/capture-request'
import { changedPages, type PageDigests } from '../../live/capture/page-digests'
import type { LiveSystem } from '../../live/live-system'
import { ownSurroundings } from '../../live/own-surroundings'
import { saveDump } from '../../live/save-dump'
import { ExitCode, type OptionValues } from '../arguments'
import { withJob } from '../input'
import { jsonText, type Output } from '../output'

export interface CaptureOptions {
  readonly pid: number
  readonly out: string
  /** What is written: tables only, the captured bytes as a dump, or the system's own dump. */
  readonly target: 'heapscape' | 'bytes' | 'system-dump'
  readonly way: CaptureWay
  readonly budgetBytes: number
  readonly count: number
  readonly everyMs: number
}

const MOST_CAPTURES = 10_000
const MEGABYTE = 1 << 20
const TURN_MS = 50

/** The options, or what is wrong with them. */
export function captureOptions(pidText: string, out: string, values: OptionValues): CaptureOptions | string {
  const number = (name: string, otherwise: number): number => (values[name] === undefined ? otherwise : Number(values[name]))
  const pid = Number(pidText)
  if (!Number.isSafeInteger(pid) || pid <= 0) return `"${pidText}" is no process id`
  const extension = path.extname(out).toLowerCase()
  const [withBytes, dump] = [values['with-bytes'] === true, values['dump'] === true]
  if (extension !== '.heapscape' && extension !== '.dmp') return `OUT is a .heapscape or .dmp file, got "${path.basename(out)}"`
  if (withBytes && dump) return '--with-bytes and --dump are two ways to write a .dmp; choose one'
  if (extension === '.heapscape' && (withBytes || dump)) return 'a .heapscape file holds no bytes of the process; name a .dmp file'
  if (extension === '.dmp' && !withBytes && !dump) return 'a .dmp file holds bytes of the process: say --with-bytes (captured) or --dump (written by Windows)'
  const way = CAPTURE_WAYS.find((known) => known === (values['way'] ?? 'auto'))
  if (way === undefined) return `--way takes ${CAPTURE_WAYS.join(', ')}`
  const [every, count, budget] = [number('every', 1), number('count', 1), number('budget', DEFAULT_BUDGET_BYTES / MEGABYTE)]
  if (!(every >= 0.1 && every <= 86_400)) return '--every takes seconds, from 0.1 to 86400'
  if (!(Number.isSafeInteger(count) && count >= 1 && count <= MOST_CAPTURES)) return `--count takes a number of captures, from 1 to ${MOST_CAPTURES}`
  if (!(budget >= 1 && budget <= 1_000_000)) return '--budget takes megabytes, from 1 to 1000000'
  if (values['every'] !== undefined && values['count'] === undefined) return '--every needs --count'
  return { pid, out, target: extension === '.heapscape' ? 'heapscape' : withBytes ? 'bytes' : 'system-dump', way, budgetBytes: budget * MEGABYTE, count, everyMs: every * 1000 }
}

/** What is said of each capture, in JSON and as a line. */
interface Line {
  readonly file: string
  readonly facts: CaptureFacts | null
  readonly heaps: number | null
  readonly blocks: number | null
  readonly partial: boolean | null
  /** Pages of private memory that both this capture and the one before saw, and those that differ; null for the first. */
  readonly changedPages: { readonly compared: number; readonly changed: number } | null
}

/**
 * Captures once, or a series into numbered files; an interrupt (Ctrl-C) ends the series after letting the program go on.
 * Throws what captureProcess and saveDump throw, `cancelled`.
 */
export async function captureToFiles(system: LiveSystem, options: CaptureOptions, json: boolean, output: Output): Promise<ExitCode> {
  const lines: Line[] = []
  const interrupt = new Interrupt()
  // All captures of a series are of the process the first one found, whoever gets its id later.
  const seed = randomInt(2 ** 31)
  let startedAt: string | undefined
  let before: PageDigests | null = null
  try {
    for (let i = 0; i < options.count; i++) {
      const due = performance.now() + options.everyMs
      const file = options.count === 1 ? options.out : numbered(options.out, i + 1)
      const { line, capture } = await captureOnce(system, { ...options, out: file }, { startedAt, seed, before }, interrupt)
      lines.push(line)
      startedAt ??= capture?.facts.startedAt
      before = capture?.digests ?? null
      for (const note of capture?.snapshot.origin.notes.slice(1) ?? []) output.warning?.(`${path.basename(file)}: ${note.text}`)
      if (i + 1 < options.count) await interrupt.sleep(due - performance.now())
    }
  } finally {
    interrupt.end()
    if (lines.length > 0) output.result(json ? jsonText({ system: system.title, captures: lines }) : textOf(lines))
  }
  return ExitCode.Ok
}

interface Before {
  readonly startedAt: string | undefined
  readonly seed: number
  readonly before: PageDigests | null
}

async function captureOnce(system: LiveSystem, options: CaptureOptions, { startedAt, seed, before }: Before, interrupt: Interrupt): Promise<{ line: Line; capture: Capture | null }> {
  const { pid, out, target, way, budgetBytes, count } = options
  const file = path.basename(out)
  if (target === 'system-dump') {
    saveDump(system, { pid, ...(startedAt === undefined ? {} : { startedAt }) }, out)
    return { line: { file, facts: null, heaps: null, blocks: null, partial: null, changedPages: null }, capture: null }
  }
  const surroundings = ownSurroundings({ beforeSuspend: () => Promise.resolve(), resumed: () => undefined })
  const request = { pid, way, keepBytes: target === 'bytes', digest: count > 1 ? { seed } : null, budgetBytes, longestSuspensionMs: DEFAULT_SUSPENSION_MS, ...(startedAt === undefined ? {} : { startedAt }) }
  const capture = await withJob(`capturing ${pid}`, (job) => captureProcess(system, request, surroundings, interrupt.watch(job)))
  await withJob('saving', (job) => writeFileAtomically(out, (sink) => writeCapture(capture, sink, job)))
  const { snapshot, facts, digests } = capture
  const pages = before === null || digests === null ? null : changedPages(before, digests, 0, Number.MAX_SAFE_INTEGER)
  const line = { file, facts, heaps: snapshot.heaps.length, blocks: snapshot.blocks.length, partial: snapshot.origin.partial, changedPages: pages === null ? null : { compared: pages.compared, changed: pages.changed.length } }
  return { line, capture }
}

function writeCapture({ snapshot, target, kept, facts }: Capture, sink: { write(bytes: Uint8Array): void }, job: JobContext): Promise<void> {
  if (kept === null) return saveDocument(snapshot, sink, {}, job)
  return writeMinidump({ memory: kept.memory, ...target, comment: `${snapshot.origin.file}, private memory captured by Heapscape ${facts.capturedAt}` }, sink, job)
}

const numbered = (out: string, number: number): string => {
  const { dir, name, ext } = path.parse(out)
  return path.join(dir, `${name}-${String(number).padStart(3, '0')}${ext}`)
}

function textOf(lines: readonly Line[]): string {
  const count = (value: number | null | undefined): string => (value === null || value === undefined ? '—' : Math.round(value).toLocaleString('en'))
  const rows = lines.map(({ file, facts, heaps, blocks, changedPages: pages }) => [
    file,
    facts?.way ?? 'Windows',
    facts === null || facts.suspendedMs === null ? '—' : facts.suspendedMs.toFixed(1),
    count(facts?.counters?.commitBytes), count(facts?.counters?.privateBytes), count(facts?.counters?.workingSetBytes),
    count(facts?.sums.privateCommittedBytes), count(facts?.sums.heapCommittedBytes), count(heaps), count(blocks), count(pages?.changed),
  ])
  return textTable([['file', 'way', 'held ms', 'commit', 'private', 'working set', 'our private', 'our heaps', 'heaps', 'blocks', 'changed pages'], ...rows], [0, 1])
}

/** Ctrl-C ends the work at its next pause, never while the program is held up. */
class Interrupt {
  readonly #abort = new AbortController()
  #lastTurn = performance.now()
  readonly #listener = (): void => this.#abort.abort()

  constructor() {
    process.on('SIGINT', this.#listener)
  }

  watch(job: JobContext): JobContext {
    return {
      progress: (progress) => job.progress(progress),
      checkpoint: async () => {
        // An interrupt comes as an event, and events wait for a turn.
        if (performance.now() - this.#lastTurn > TURN_MS) {
          await nextTurn()
          this.#lastTurn = performance.now()
        }
        if (this.#abort.signal.aborted) throw new HeapscapeError('cancelled')
        await job.checkpoint()
      },
    }
  }

  async sleep(ms: number): Promise<void> {
    try {
      await wait(Math.max(0, ms), undefined, { signal: this.#abort.signal })
    } catch {
      throw new HeapscapeError('cancelled')
    }
  }

  end(): void {
    process.off('SIGINT', this.#listener)
  }
}
