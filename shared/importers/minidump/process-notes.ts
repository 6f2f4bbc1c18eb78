import type { ProcessHeaps } from '../../heapwalk/walk-heaps'
import type { MemoryRange } from '../../model/range-memory'
import type { Directory } from './directory'
import { StreamType } from './directory'
import type { DumpNotes } from './dump-notes'
import type { DumpHandle, DumpModule, DumpThread, MemoryInfo } from './list-streams'
import type { ExceptionInfo, MiscInfo, SystemInfo } from './system-streams'

interface Present {
  readonly system: SystemInfo | undefined
  readonly directory: Directory
  readonly ranges: readonly MemoryRange[]
  readonly info: readonly MemoryInfo[]
  readonly heaps: ProcessHeaps
}

/** NtGlobalFlag: allocations lie in the verifier's own structures. */
const PAGE_HEAP = 0x02000000

/** Says what a dump lacks for its heaps to be seen. */
export function noteWhatIsMissing({ system, directory, ranges, info, heaps }: Present, notes: DumpNotes): void {
  const held = ranges.reduce((sum, { bytes }) => sum + bytes, 0)
  if (system === undefined) notes.add('no-system-info', 'The dump does not say on which system it was made; builds of Windows are told by the heaps alone.')
  else if (system.platform !== 'windows') notes.add('not-windows', `The dump was made on ${system.platform}; its memory is shown, and no heaps are known in it.`)
  if (ranges.length === 0) notes.add('no-memory', 'The dump holds no memory of the process.')
  if (info.length === 0) notes.add('no-memory-info', 'The dump does not list the regions of the address space; only the memory it holds is known to be committed.')
  const missing = heaps.pebs.flatMap((peb) => peb.heaps.filter((heap) => !heaps.heaps.some(({ base }) => base === heap)))
  if (missing.length > 0) notes.add('heaps-not-in-dump', `The process has ${missing.length} heaps whose memory the dump does not hold: ${missing.slice(0, 8).map((heap) => `0x${heap.toString(16)}`).join(', ')}. A full-memory dump would.`)
  if (heaps.pebs.length === 0 && heaps.heaps.length === 0 && ranges.length > 0) notes.add('no-heaps', `The ${held} bytes of memory in the dump hold no heap; a full-memory dump (MiniDumpWithFullMemory) holds them.`)
  if (heaps.pebs.length === 0 && heaps.heaps.length > 0) notes.add('no-process-block', 'The process block is not in the dump; heaps were found by their signatures.')
  for (const peb of heaps.pebs) {
    if (peb.problem !== undefined) notes.add('heap-list-refused', `The list of heaps in the ${peb.bits}-bit process block was refused: ${peb.problem}.`)
    if ((peb.globalFlags & PAGE_HEAP) !== 0) notes.add('page-heap', 'The process ran with page heap: blocks kept by the verifier are not shown.')
  }
  if (directory.streams.has(StreamType.WineHostModules) || (system?.wine.length ?? 0) > 0) notes.add('wine', `The process ran under ${system?.wine[0] ?? 'Wine'}.`)
}

interface ProcessFacts {
  readonly system: SystemInfo | undefined
  readonly misc: MiscInfo
  readonly exception: ExceptionInfo | undefined
  readonly threads: readonly DumpThread[]
  readonly modules: readonly DumpModule[]
  readonly unloaded: readonly DumpModule[]
  readonly handles: readonly DumpHandle[]
  readonly heaps: ProcessHeaps
}

/** What the dump says of its process, in one note. */
export function describeProcess(facts: ProcessFacts, notes: DumpNotes): void {
  const { system, misc, exception, threads, modules, unloaded, handles, heaps } = facts
  const parts: string[] = []
  if (modules[0] !== undefined) parts.push(modules[0].path)
  if (misc.processId !== undefined) parts.push(`process ${misc.processId}`)
  if (system !== undefined) parts.push(`${system.architecture}, ${system.platform} ${system.major}.${system.minor}.${system.build}${system.servicePack === '' ? '' : ` ${system.servicePack}`}`)
  parts.push(`${threads.length} threads`, `${modules.length} modules`)
  if (unloaded.length > 0) parts.push(`${unloaded.length} unloaded modules`)
  if (handles.length > 0) parts.push(`${handles.length} handles`)
  if (exception !== undefined) parts.push(`exception 0x${exception.code.toString(16)} at ${hexOrUnknown(exception.address)}`)
  if (system?.bits === 64 && heaps.pebs.some(({ bits }) => bits === 32)) parts.push('WOW64: a 32-bit process with heaps of both widths')
  notes.add('process', `${parts.join('; ')}.`)
}

const hexOrUnknown = (address: number): string => (Number.isNaN(address) ? 'an unknown address' : `0x${address.toString(16)}`)
