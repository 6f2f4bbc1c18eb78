import { RegionState } from '../../model/region-table'
import { PAGE_BYTES, type Address, type Bytes } from '../../base/units'
import type { HeapSummary } from '../win32/process-types'
import type { ProcessApi } from '../win32/process-api'
import { compareMarks, takeMark, type ProcessMark } from './mark'

/*
 * What a script can ask of its process beside calling it:
 *
 *   handles.pages        of the process          h.largest      of a heap, when the name before the dot is one
 *   changed.bytes        since `mark`            g.locks        of a movable block
 */
export interface MeasureContext {
  readonly process: ProcessApi
  readonly lastResult: number
  readonly marked: ProcessMark | undefined
}

interface Measure<Subject, Value = number> {
  readonly meaning: string
  readonly of: (subject: Subject) => Value
}

const measure = <Subject, Value>(meaning: string, of: (subject: Subject) => Value): Measure<Subject, Value> => ({ meaning, of })

const ofProcess: Readonly<Record<string, Measure<MeasureContext>>> = {
  'process.calls': measure('calls so far', ({ process }) => process.counters.calls),
  'process.failures': measure('calls that failed', ({ process }) => process.counters.failedCalls),
  'process.heaps': measure('heaps, the default heap included', ({ process }) => process.heaps().length),
  'process.reserved': measure('bytes of reserved address space that are not committed', ({ process }) => process.counters.reservedBytes),
  'process.committed': measure('committed bytes', ({ process }) => process.counters.committedBytes),
  'process.charge': measure('bytes charged against memory and page file', ({ process }) => process.counters.commitChargeBytes),
  'process.reservations': measure('reservations made so far', ({ process }) => process.counters.reservations),
  'process.commits': measure('commits of pages so far', ({ process }) => process.counters.commits),
  'handles.reserved': measure('bytes reserved for the handle table; 0 before the first movable block', ({ process }) => process.handleTable.reservedBytes),
  'handles.base': measure('address of the handle table', ({ process }) => process.handleTable.base),
  'handles.pages': measure('committed pages of the handle table', ({ process }) => process.handleTable.committedPages),
  'handles.initialisations': measure('times that 16 entries were initialised', ({ process }) => process.handleTable.initialisations),
  'handles.live': measure('movable blocks', ({ process }) => process.handleTable.liveHandles),
  'handles.next': measure('entry the next movable block takes; 0 when 16 more must be initialised first', ({ process }) => process.handleTable.freeHead),
  'space.free': measure('bytes of free address space', ({ process }) => freeSpace(process).total),
  'space.ranges': measure('ranges of free address space', ({ process }) => freeSpace(process).ranges),
  'space.largest': measure('bytes of the largest free range', ({ process }) => freeSpace(process).largest),
  'space.scatter': measure('1 - largest free range / free address space', ({ process }) => {
    const { total, largest } = freeSpace(process)
    return total === 0 ? 0 : 1 - largest / total
  }),
  'last.result': measure('result of the last call', ({ lastResult }) => lastResult),
  'last.error': measure('code GetLastError would give', ({ process }) => process.lastError.code),
  'changed.bytes': measure('bytes that changed since mark', (context) => changes(context).bytes),
  'changed.lines': measure('lines of 16 bytes with a change since mark', (context) => changes(context).lines),
  'handles.changedBytes': measure('bytes of the handle table that changed since mark', (context) => tableChanges(context).bytes),
  'handles.changedLines': measure('lines of the handle table with a change since mark', (context) => tableChanges(context).lines),
  'handles.firstChange': measure('offset in the handle table of the first line with a change since mark; -1 without one', (context) => tableChanges(context).first),
}

const ofHeap: Readonly<Record<string, Measure<HeapSummary, number | null>>> = {
  blocks: measure('busy blocks', (heap) => heap.busyBlocks),
  holes: measure('free blocks', (heap) => heap.freeBlocks),
  requested: measure('requested bytes of the busy blocks', (heap) => heap.requestedBytes),
  consumed: measure('bytes the busy blocks take, with headers and rounding', (heap) => heap.consumedBytes),
  free: measure('committed free bytes', (heap) => heap.freeBytes),
  largest: measure('bytes of the largest free block', (heap) => heap.largestFreeBytes),
  scatter: measure('1 - largest free block / free bytes', (heap) => (heap.freeBytes === 0 ? 0 : 1 - heap.largestFreeBytes / heap.freeBytes)),
  committed: measure('committed bytes', (heap) => heap.committedBytes),
  reserved: measure('reserved bytes, committed ones included', (heap) => heap.reservedBytes),
  pages: measure('committed pages', (heap) => heap.committedBytes / PAGE_BYTES),
  segments: measure('reserved ranges', (heap) => heap.segments.length),
  examined: measure('free blocks looked at by all requests so far; heaps of Windows XP and later have no such measure', (heap) => heap.examinedBlocks),
}

interface MovableBlock {
  readonly process: ProcessApi
  readonly handle: Address
}

const ofMovable: Readonly<Record<string, Measure<MovableBlock>>> = {
  locks: measure('lock count of a movable block', ({ process, handle }) => entry(process, handle)[0] ?? 0),
  address: measure('address the handle table holds for a movable block', ({ process, handle }) => {
    const bytes = entry(process, handle)
    return (bytes[4] ?? 0) + (bytes[5] ?? 0) * 2 ** 8 + (bytes[6] ?? 0) * 2 ** 16 + (bytes[7] ?? 0) * 2 ** 24
  }),
}

/** The 8 bytes of a handle's entry; the handle is the address of its second half. */
const entry = (process: ProcessApi, handle: Address): Uint8Array => process.read(handle - 4, 8)

function freeSpace(process: ProcessApi): { total: Bytes; largest: Bytes; ranges: number } {
  const { state, size, length } = process.regions()
  const free = { total: 0, largest: 0, ranges: 0 }
  for (let row = 0; row < length; row++) {
    if (state.at(row) !== RegionState.Free) continue
    free.total += size.at(row)
    free.largest = Math.max(free.largest, size.at(row))
    free.ranges++
  }
  return free
}

interface Changes {
  readonly bytes: Bytes
  readonly lines: number
  /** Offset of the first changed line from `from`, -1 without one. */
  readonly first: number
}

function changes({ process, marked }: MeasureContext, from = 0, to = Infinity): Changes {
  let [bytes, count, first] = [0, 0, -1]
  if (marked === undefined) return { bytes, lines: count, first }
  const { lines, counts } = compareMarks(marked, takeMark(process))
  for (let i = 0; i < lines.length; i++) {
    if (lines[i]! < from || lines[i]! >= to) continue
    bytes += counts[i]!
    if (count++ === 0) first = lines[i]! - from
  }
  return { bytes, lines: count, first }
}

function tableChanges(context: MeasureContext): Changes {
  const { base, reservedBytes } = context.process.handleTable
  return changes(context, base, base + reservedBytes)
}

/** Every measure as written in a script, with its meaning. */
export const measureNames: readonly { readonly name: string; readonly meaning: string }[] = [
  ...Object.entries(ofProcess).map(([name, { meaning }]) => ({ name, meaning })),
  ...Object.entries(ofHeap).map(([name, { meaning }]) => ({ name: `HEAP.${name}`, meaning })),
  ...Object.entries(ofMovable).map(([name, { meaning }]) => ({ name: `HANDLE.${name}`, meaning })),
]

/** Names before the dot that are no variables. */
export const measureRoots: ReadonlySet<string> = new Set(Object.keys(ofProcess).map((name) => name.slice(0, name.indexOf('.'))))

/** Undefined when there is no such measure. */
export const measureProcess = (context: MeasureContext, name: string): number | undefined => ofProcess[name]?.of(context)

/** A measure of the heap or movable block that `value` is; undefined when it is neither or has no such measure. */
export function measureValue(process: ProcessApi, value: number, field: string): number | undefined {
  const heap = ofHeap[field] === undefined ? undefined : process.heaps().find((known) => known.handle === value)
  if (heap !== undefined) return ofHeap[field]!.of(heap) ?? undefined
  const { base, reservedBytes } = process.handleTable
  const isHandle = base !== 0 && value > base && value < base + reservedBytes
  return isHandle ? ofMovable[field]?.of({ process, handle: value }) : undefined
}
