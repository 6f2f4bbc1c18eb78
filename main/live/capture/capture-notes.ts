import type { ProcessHeaps } from '../../../shared/heapwalk/walk-heaps'
import type { CaptureFacts } from '../../../shared/model/live-capture'
import type { RegionTotal } from '../../../shared/model/region-table'
import type { Note } from '../../../shared/model/trace'
import type { TargetFacts } from '../live-system'
import type { CopyResult } from './copy-memory'

interface Known {
  readonly facts: CaptureFacts
  readonly target: TargetFacts
  readonly threads: number
  readonly copy: CopyResult | null
  readonly heaps: ProcessHeaps
  readonly cloneRefusal: string | null
  readonly wantsBytes: boolean
}

/** NtGlobalFlag: allocations lie in the verifier's own structures. */
const PAGE_HEAP = 0x02000000

/** What a reader must know of a capture; `partial` when memory that should have been read was not. */
export function captureNotes({ facts, target, threads, copy, heaps, cloneRefusal, wantsBytes }: Known): { readonly notes: readonly Note[]; readonly partial: boolean } {
  const notes: Note[] = []
  let partial = false
  const add = (code: string, text: string): void => void notes.push({ code, count: 1, text })
  const lack = (code: string, text: string): void => {
    partial = true
    add(code, text)
  }
  const kind = target.bits === 32 ? 'x86 under WOW64' : 'x64'
  add('process', `${target.path || target.name}; process ${facts.pid}; ${kind}; ${target.system}; ${threads} threads; captured ${facts.capturedAt} ${wayText(facts)}.`)
  if (cloneRefusal !== null) add('live-no-clone', `${cloneRefusal} The program was held up instead.`)
  if (facts.way === 'running') add('live-moving', `The program ran while its memory was copied (${milliseconds(facts.copyMs)}): blocks made or freed meanwhile may show as damage.`)
  if (copy !== null && copy.unreadableBytes > 0) lack('live-unreadable', `${copy.unreadableBytes} bytes that should be readable could not be read; what lies there is left out.`)
  if (copy !== null && copy.beyondBudgetBytes > 0) (facts.way === 'clone' && !wantsBytes ? add : lack)('live-budget', `${copy.beyondBudgetBytes} bytes of private memory did not fit the budget; ${facts.copiedBytes} were copied, heaps first. ${facts.way === 'clone' ? 'Heaps were walked in the clone; only bytes are missing.' : 'Heaps that lie in the rest are not shown, or shown with holes.'}`)
  if (copy !== null && copy.beyondDeadlineBytes > 0) lack('live-deadline', `The program was let go on after ${milliseconds(facts.suspendedMs ?? 0)}; ${copy.beyondDeadlineBytes} bytes of private memory had not been copied by then.`)
  for (const peb of heaps.pebs) {
    if (peb.problem !== undefined) add('heap-list-refused', `The list of heaps in the ${peb.bits}-bit process block was refused: ${peb.problem}.`)
    if ((peb.globalFlags & PAGE_HEAP) !== 0) add('page-heap', 'The process runs with page heap: blocks kept by the verifier are not shown.')
  }
  if (heaps.heaps.length === 0) add('no-heaps', 'No heap was found in the memory that could be read.')
  return { notes, partial }
}

function wayText({ way, suspendedMs, copyMs }: CaptureFacts): string {
  if (way === 'clone') return 'from a clone; the program was not held up beyond the making of the clone, which Windows does not time'
  if (way === 'suspended') return `while it was held up for ${milliseconds(suspendedMs ?? 0)}`
  return `while it ran, copied in ${milliseconds(copyMs)}`
}

const milliseconds = (ms: number): string => `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`

/** The system's own figures beside our sums, so that they stay with the snapshot when it is saved. */
export function systemTotals({ counters, sums }: CaptureFacts): RegionTotal[] {
  const total = (group: string, name: string, bytes: number | null): RegionTotal[] => (bytes === null ? [] : [{ group, name, regions: null, bytes }])
  return [
    ...(counters === null ? [] : [...total('system', 'commit', counters.commitBytes), ...total('system', 'private', counters.privateBytes), ...total('system', 'working set', counters.workingSetBytes)]),
    ...total('capture', 'private committed', sums.privateCommittedBytes),
  ]
}
