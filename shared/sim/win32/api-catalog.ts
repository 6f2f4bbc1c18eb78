import type { FlagSetName } from './constants'

/*
 * Every call a simulated process understands, for dispatch, completion and argument help. The order of parameters is
 * Win32's; output parameters are left out, their values are the process's `output` after the call.
 */
export type ParameterKind = 'address' | 'heap' | 'pointer' | 'memory-handle' | 'section' | 'bytes' | 'count' | 'flags' | 'byte' | 'text' | 'data'

export interface ApiParameter {
  readonly name: string
  readonly kind: ParameterKind
  /** Names that stand for values, of a `flags` parameter. */
  readonly set?: FlagSetName
  /** Value when the argument is left out; required without one. */
  readonly otherwise?: number | string
}

export interface ApiFunction {
  readonly name: string
  readonly group: 'virtual memory' | 'sections' | 'heaps' | 'global' | 'local' | 'C runtime' | 'memory access' | 'process'
  readonly parameters: readonly ApiParameter[]
  readonly result: 'pointer' | 'heap' | 'memory-handle' | 'section' | 'bytes' | 'bool' | 'count' | 'flags' | 'none'
  /** One sentence. */
  readonly summary: string
}

const p = (name: string, kind: ParameterKind, otherwise?: number | string): ApiParameter => (otherwise === undefined ? { name, kind } : { name, kind, otherwise })
const flags = (name: string, set: FlagSetName, otherwise?: number): ApiParameter => ({ ...p(name, 'flags', otherwise), set })

const call = (
  group: ApiFunction['group'],
  name: string,
  result: ApiFunction['result'],
  parameters: readonly ApiParameter[],
  summary: string,
): ApiFunction => ({ name, group, parameters, result, summary })

const virtualMemory = [
  call('virtual memory', 'VirtualAlloc', 'pointer', [p('address', 'address'), p('size', 'bytes'), flags('allocationType', 'AllocationType'), flags('protect', 'Protection')], 'Reserves or commits pages, or both.'),
  call('virtual memory', 'VirtualFree', 'bool', [p('address', 'address'), p('size', 'bytes'), flags('freeType', 'FreeType')], 'Decommits pages, or releases a whole reservation.'),
  call('virtual memory', 'VirtualProtect', 'bool', [p('address', 'address'), p('size', 'bytes'), flags('newProtect', 'Protection')], 'Changes the protection of committed pages; the old one of the first page is the output.'),
  call('virtual memory', 'VirtualQuery', 'bytes', [p('address', 'address')], 'Describes the run of equal pages that begins at the address.'),
  call('virtual memory', 'VirtualLock', 'bool', [p('address', 'address'), p('size', 'bytes')], 'Makes pages resident and keeps them so.'),
  call('virtual memory', 'VirtualUnlock', 'bool', [p('address', 'address'), p('size', 'bytes')], 'Lets locked pages leave the working set again.'),
  call('virtual memory', 'SetProcessWorkingSetSize', 'bool', [p('minimum', 'bytes'), p('maximum', 'bytes')], 'Sets the least and most bytes of the working set; -1 for both empties it.'),
]

const sections = [
  call('sections', 'CreateFileMapping', 'section', [flags('protect', 'Protection'), p('size', 'bytes'), p('name', 'text', '')], 'Makes a section backed by the page file.'),
  call('sections', 'MapViewOfFile', 'pointer', [p('section', 'section'), flags('access', 'ViewAccess'), p('offset', 'bytes', 0), p('size', 'bytes', 0)], 'Maps a view of a section into the address space.'),
  call('sections', 'UnmapViewOfFile', 'bool', [p('address', 'address')], 'Takes a view out of the address space.'),
  call('sections', 'CloseHandle', 'bool', [p('section', 'section')], 'Gives a section up; its memory goes with its last view.'),
]

const heaps = [
  call('heaps', 'GetProcessHeap', 'heap', [], 'Handle of the default heap.'),
  call('heaps', 'GetProcessHeaps', 'count', [p('count', 'count', 64)], 'Number of heaps; the output holds their handles.'),
  call('heaps', 'HeapCreate', 'heap', [flags('options', 'HeapFlag'), p('initialSize', 'bytes'), p('maximumSize', 'bytes'), p('owner', 'text', '')], 'Makes a private heap: growable with maximum 0, else fixed.'),
  call('heaps', 'HeapDestroy', 'bool', [p('heap', 'heap')], 'Takes a heap away with all its blocks.'),
  call('heaps', 'HeapAlloc', 'pointer', [p('heap', 'heap'), flags('flags', 'HeapFlag'), p('size', 'bytes')], 'Allocates a block.'),
  call('heaps', 'HeapReAlloc', 'pointer', [p('heap', 'heap'), flags('flags', 'HeapFlag'), p('pointer', 'pointer'), p('size', 'bytes')], 'Changes the size of a block, in place or by moving it.'),
  call('heaps', 'HeapFree', 'bool', [p('heap', 'heap'), flags('flags', 'HeapFlag'), p('pointer', 'pointer')], 'Frees a block.'),
  call('heaps', 'HeapSize', 'bytes', [p('heap', 'heap'), flags('flags', 'HeapFlag'), p('pointer', 'pointer')], 'Requested size of a block; all bits set when there is none.'),
  call('heaps', 'HeapValidate', 'bool', [p('heap', 'heap'), flags('flags', 'HeapFlag'), p('pointer', 'pointer', 0)], 'Checks a block, or with pointer 0 the whole heap.'),
  call('heaps', 'HeapWalk', 'bool', [p('heap', 'heap'), p('index', 'count')], 'Gives entry number `index` of the heap as output; fails with ERROR_NO_MORE_ITEMS at the end.'),
  call('heaps', 'HeapCompact', 'bytes', [p('heap', 'heap'), flags('flags', 'HeapFlag')], 'Largest committed free block.'),
  call('heaps', 'HeapSetInformation', 'bool', [p('heap', 'heap'), flags('class', 'HeapInformation'), p('value', 'count', 0)], 'Sets a feature: HeapCompatibilityInformation with value 2 asks for the low-fragmentation heap.'),
  call('heaps', 'HeapQueryInformation', 'bool', [p('heap', 'heap'), flags('class', 'HeapInformation')], 'Tells the front end as output: 0 none, 1 look-aside lists, 2 low-fragmentation heap.'),
  call('heaps', 'HeapLock', 'bool', [p('heap', 'heap')], 'Takes the heap for the calling thread.'),
  call('heaps', 'HeapUnlock', 'bool', [p('heap', 'heap')], 'Lets the heap go.'),
]

/** The pairs that Global* and Local* share. */
function pairs(group: 'global' | 'local', prefix: 'Global' | 'Local', set: 'GlobalFlag' | 'LocalFlag'): ApiFunction[] {
  const handle = p('handle', 'memory-handle')
  return [
    call(group, `${prefix}Alloc`, 'memory-handle', [flags('flags', set), p('size', 'bytes')], 'Allocates a fixed or movable block of the default heap.'),
    call(group, `${prefix}Discard`, 'memory-handle', [handle], 'Throws the data of an unlocked block away and keeps its handle.'),
    call(group, `${prefix}Flags`, 'flags', [handle], 'Lock count in the low byte, discardable and discarded above it.'),
    call(group, `${prefix}Free`, 'memory-handle', [handle], 'Frees a block and its handle; 0 when it succeeds, else the handle.'),
    call(group, `${prefix}Handle`, 'memory-handle', [p('pointer', 'pointer')], 'Handle that belongs to a pointer.'),
    call(group, `${prefix}Lock`, 'pointer', [handle], 'Pins a movable block and gives its pointer.'),
    call(group, `${prefix}ReAlloc`, 'memory-handle', [handle, p('size', 'bytes'), flags('flags', set)], 'Changes the size or, with MODIFY, the attributes of a block.'),
    call(group, `${prefix}Size`, 'bytes', [handle], 'Requested size of a block.'),
    call(group, `${prefix}Unlock`, 'bool', [handle], 'Undoes one lock; 0 without an error when the count reaches 0.'),
    call(group, `${prefix}Compact`, 'bytes', [p('size', 'bytes', 0)], 'Largest free block of the default heap.'),
  ]
}

const runtime = [
  call('C runtime', 'malloc', 'pointer', [p('size', 'bytes')], 'Allocates a block of the default heap.'),
  call('C runtime', 'calloc', 'pointer', [p('count', 'count'), p('size', 'bytes')], 'Allocates a block of zeros.'),
  call('C runtime', 'realloc', 'pointer', [p('pointer', 'pointer'), p('size', 'bytes')], 'Changes the size of a block; size 0 frees it, pointer 0 allocates.'),
  call('C runtime', 'free', 'none', [p('pointer', 'pointer')], 'Frees a block; pointer 0 is allowed.'),
]

const access = [
  call('memory access', 'WriteMemory', 'bool', [p('address', 'address'), p('bytes', 'data')], 'Writes bytes as the program would.'),
  call('memory access', 'FillMemory', 'bool', [p('address', 'address'), p('size', 'bytes'), p('value', 'byte')], 'Fills a range with one byte as the program would.'),
  call('memory access', 'ReadMemory', 'count', [p('address', 'address'), p('size', 'bytes')], 'Reads bytes as the program would: pages become resident, guards are spent; the output holds the bytes.'),
]

const processCalls = [
  call('process', 'GetLastError', 'count', [], 'Code of the last call that failed.'),
  call('process', 'SetLastError', 'none', [p('code', 'count')], 'Sets the code that GetLastError gives.'),
  call('process', 'SwitchToThread', 'bool', [p('thread', 'count')], 'Makes further calls come from this simulated thread; 0 is the first.'),
]

export const apiFunctions: readonly ApiFunction[] = [
  ...virtualMemory,
  ...sections,
  ...heaps,
  ...pairs('global', 'Global', 'GlobalFlag'),
  ...pairs('local', 'Local', 'LocalFlag'),
  ...runtime,
  ...access,
  ...processCalls,
]

const BY_NAME = new Map(apiFunctions.map((known) => [known.name, known]))

/** Undefined when there is no such call. */
export const findApiFunction = (name: string): ApiFunction | undefined => BY_NAME.get(name)
