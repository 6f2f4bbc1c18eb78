import type { ParameterValue } from '../../../model/run'
import { SEVERAL_FIGURES, SEVERAL_VALUES } from '../several-heaps'
import type { HeapProfile } from '../catalog'
import type { FigureSource } from '../figure-source'
import { SPACE_BYTES_32, SPACE_BYTES_64 } from '../fit-parameters'

/*
 * NT heaps per Windows version: every figure with where it comes from and how far to trust it. Sources in short:
 *
 *   dt          debugger output of real heaps of that version (dt _HEAP, !heap -a)
 *   RO          ReactOS sdk/lib/rtl/heap.c, heap.h: an independent re-implementation of the Server 2003 and Vista design
 *   structures  published structure lists of the builds (AndreyBazhan/SymStore)
 *   decompiled  published decompilations of Windows 8 to 11
 *   choice      nothing is known; the value is ours
 */
interface Figure extends FigureSource {
  readonly value: ParameterValue
}
type Figures = Readonly<Record<string, Figure>>

const high = (value: ParameterValue, source: string): Figure => ({ value, confidence: 'high', source })
const medium = (value: ParameterValue, source: string): Figure => ({ value, confidence: 'medium', source })
const low = (value: ParameterValue, source: string): Figure => ({ value, confidence: 'low', source })

function profile(id: string, title: string, source: string, ...parts: readonly Figures[]): HeapProfile {
  const figures = parts.reduce<Figures>((all, part) => ({ ...all, ...part }), {})
  return {
    id,
    title,
    source,
    values: Object.fromEntries(Object.entries(figures).map(([name, { value }]) => [name, value])),
    figures: Object.fromEntries(Object.entries(figures).map(([name, { confidence, source: origin }]) => [name, { confidence, source: origin }])),
  }
}

const KIB = 1024

const anyNt: Figures = {
  ...Object.fromEntries(Object.entries(SEVERAL_FIGURES).map(([name, figure]) => [name, { ...figure, value: SEVERAL_VALUES[name]! }])),
  reserve: high(0x100000, 'Image header: 1 MB for the process heap; a private heap made with sizes 0 reserves 64 KB (dt).'),
  commit: high(0x1000, 'Image header: 4 KB; Windows 7 x86 private heap (dt): one page.'),
  commitStep: high(0x2000, 'SegmentCommit, dt. That Windows 7 and later use it as the step is a reading: their tuning parameters are not known.'),
  segmentReserve: high(0x100000, 'SegmentReserve, dt.'),
  serialized: high(true, 'Heaps made without HEAP_NO_SERIALIZE, the process heap among them.'),
  mergeFreed: high(true, 'Heaps made without HEAP_DISABLE_COALESCE_ON_FREE, the process heap among them.'),
  growable: high(true, 'Heaps made with maximum size 0, the process heap among them.'),
  decommitTotal: high(64 * KIB, 'DeCommitTotalFreeThreshold, dt: 0x2000 units (x86), 0x1000 units (x64).'),
}

const x86: Figures = {
  granule: high(8, 'dt, structures.'),
  segmentHeader: high(0x40, 'Structures: _HEAP_SEGMENT.'),
  virtualThreshold: high(0x7f000, 'VirtualMemoryThreshold 0xFE00 units, dt; the same in RO.'),
  virtualHeader: high(0x20, 'Structures: _HEAP_VIRTUAL_ALLOC_ENTRY.'),
  maximumAllocation: high(0x7ffdefff, 'MaximumAllocationSize, dt: the last user address less 64 KB and a page (rule of RO).'),
  capacity: high(SPACE_BYTES_32, 'User address space of a 32-bit process.'),
}

const x64: Figures = {
  granule: high(16, 'dt, structures.'),
  segmentHeader: high(0x70, 'Structures: _HEAP_SEGMENT.'),
  virtualThreshold: high(0xff000, 'VirtualMemoryThreshold 0xFF00 units, dt.'),
  virtualHeader: high(0x40, 'Structures: _HEAP_VIRTUAL_ALLOC_ENTRY.'),
  maximumAllocation: high(0x7ffffffdefff, 'MaximumAllocationSize, dt: the last user address less 64 KB and a page (rule of RO).'),
  capacity: high(SPACE_BYTES_64, 'User address space of a 64-bit process.'),
}

/** Until Windows 7 a 64-bit process had 8 TB of addresses. */
const eightTerabytes: Figures = { maximumAllocation: high(0x7fffffdefff, 'MaximumAllocationSize, dt of Windows 7; 8 TB of user addresses.') }

/** Commit of the first pages of an x64 heap: two, as dt of a private heap shows (16 pages, 14 uncommitted). */
const twoPages: Figures = { commit: high(0x2000, 'Windows 7 x64 private heap (dt): 0x10 pages, 0xE of them uncommitted.') }

const sinceVista = (marker: number): Figures => ({
  marker: high(marker, 'Block of the range descriptor, flags 0x11: addresses of the lists in dt.'),
  maxSegments: medium(0, 'No limit is known from Windows 7 on; 64 before (RO).'),
  releaseSegments: low(true, 'Windows 7 and later may release an empty segment other than the first; not verified.'),
  lfh: high(true, 'Automatic from Windows Vista on (Microsoft, "Low-fragmentation Heap").'),
  seed: low(1, 'A choice: Windows draws its table anew for each process.'),
  affinitySlots: low(1, 'Slots are added when contention is counted; one unless threads are modelled.'),
  lfhCache: low(4, 'Empty containers go to a cache (12 entries by size, structures); how many each holds is a choice.'),
  lfhZone: medium(0x400, 'A real dump of a Windows 7 x86 process heap: block of 0x400; taken over for the other versions.'),
})

const win7: Figures = {
  spare: high(0, 'dt: the process heap has 0x100 pages.'),
  segmentLimit: medium(0x1000000, 'Largest SegmentReserve seen (dt after five segments); where the doubling ends is not known.'),
  armAt: low(15, 'Counter reaches 0x20 by 2 per allocation: the 17th living block of a size is the first from the front end, the 18th when it must be made.'),
  armTotal: low(0, 'No count of all allocations is known for Windows 7.'),
  lfhOrder: high('lifo', 'Free slots are chained by index; python-haystack, MemProcFS.'),
  lfhBitmapAt: high(0, 'Structures: no bitmap before Windows 8.'),
  lfhCommit: high(0, 'A block of the heap, in a real dump of a Windows 7 x86 process heap.'),
  lfhLeast: medium(32, 'A real dump of a Windows 7 x86 process heap: 41 slots of 24 bytes in 1,024, 63 of 32 and 50 of 40 (three times) in 2,048.'),
}

const since8: Figures = {
  spare: high(0x1000, 'dt: the process heap has 0xFF pages.'),
  segmentLimit: low(0xfd0000, 'About 16 MB in later builds; not verified.'),
  armAt: medium(16, 'Decompiled, a course text: the allocation that makes 17 alive schedules its size; the next is served, on a fresh heap the one after.'),
  armTotal: high(2040, '16-bit counter with the total in its upper bits compared to 0xFF00; the segment heap has the same word.'),
  lfhOrder: high('random', 'Bitmap searched from a random place; decompiled, published descriptions.'),
  lfhHeader: high(0, 'Structures: the header ends in a bitmap.'),
  lfhLeast: high(0, 'Decompiled; checked on a sub-segment of Windows 10 x64 (19 slots of 48 bytes in 1,024).'),
  lfhStructure: high(0x1a000, 'dt: front end at its own reservation, limit 0x1A000 behind it.'),
  lfhCommit: high(0x2000, 'dt: first uncommitted address 0x2000 behind the front end.'),
}

const win7x86: Figures = {
  heapHeader: high(0x588, 'dt: FirstEntry.'),
  decommitBlock: high(4 * KIB, 'dt: DeCommitFreeBlockThreshold 0x200 units.'),
  lfhHeader: high(0x10, 'Structures: _HEAP_USERDATA_HEADER.'),
  lfhStructure: high(0x3d18, 'A real dump of a Windows 7 x86 process heap: block of 0x3d20; _LFH_HEAP has 0x3728 of it.'),
  lfhZoneHeader: high(0x10, 'Structures: _LFH_BLOCK_ZONE.'),
  lfhSubSegment: high(0x20, 'Structures: _HEAP_SUBSEGMENT.'),
}

const win7x64: Figures = {
  heapHeader: high(0xa80, 'dt: FirstEntry.'),
  decommitBlock: high(4 * KIB, 'dt: DeCommitFreeBlockThreshold 0x100 units.'),
  lfhHeader: high(0x20, 'Structures: _HEAP_USERDATA_HEADER.'),
  lfhStructure: medium(0x6420, 'Structures: _LFH_HEAP; the block may be larger, as on x86.'),
  lfhZoneHeader: high(0x20, 'Structures: _LFH_BLOCK_ZONE.'),
  lfhSubSegment: high(0x30, 'Structures: _HEAP_SUBSEGMENT.'),
}

const since8x86 = (heapHeader: Figure, zoneHeader: number): Figures => ({
  heapHeader,
  decommitBlock: high(4 * KIB, 'dt of Windows 8 or 10 x86: DeCommitFreeBlockThreshold 0x200 units.'),
  lfhBitmapAt: high(28, 'Structures: _HEAP_USERDATA_HEADER.BitmapData.'),
  lfhZoneHeader: high(zoneHeader, 'Structures: _LFH_BLOCK_ZONE.'),
  lfhSubSegment: high(0x28, 'Structures: _HEAP_SUBSEGMENT.'),
})

const since8x64 = (heapHeader: Figure, decommitBlock: Figure): Figures => ({
  heapHeader,
  decommitBlock,
  lfhBitmapAt: high(48, 'Structures: _HEAP_USERDATA_HEADER.BitmapData.'),
  lfhZoneHeader: high(0x18, 'Structures: _LFH_BLOCK_ZONE of 8.1 and later.'),
  lfhSubSegment: high(0x40, 'Structures: _HEAP_SUBSEGMENT.'),
})

const DT_10_HEADER = high(0x740, 'dt: FirstEntry of a Windows 10 x64 process heap.')
const LIKE_10_HEADER = low(0x740, 'Taken from Windows 10; no dump of this version was seen.')
const DT_10_BLOCK = high(16 * KIB, 'dt: DeCommitFreeBlockThreshold 0x400 units, seen on Windows 10.')
const LIKE_7_BLOCK = low(4 * KIB, 'Not seen for 8.1; taken from Windows 7.')
const DT_86_HEADER = medium(0x498, 'dt: FirstEntry of a Windows 10 x86 heap; 0x480 and 0x4A8 were seen too.')
const LIKE_10_86_HEADER = medium(0x480, 'dt: FirstEntry of a Windows 8 or 10 x86 heap.')

const NT_SOURCE = 'Constants and rules gathered from debugger output, ReactOS, structure lists and published decompilations; see each figure.'

export const ntLfhProfiles: readonly HeapProfile[] = [
  profile('win7-x86', 'Windows 7, 32 bits', NT_SOURCE, anyNt, x86, sinceVista(0x20), win7, win7x86),
  profile('win7-x64', 'Windows 7, 64 bits', NT_SOURCE, anyNt, x64, eightTerabytes, twoPages, sinceVista(0x40), win7, win7x64),
  profile('win81-x86', 'Windows 8.1, 32 bits', NT_SOURCE, anyNt, x86, sinceVista(0x20), since8, since8x86(LIKE_10_86_HEADER, 0xc)),
  profile('win81-x64', 'Windows 8.1, 64 bits', NT_SOURCE, anyNt, x64, twoPages, sinceVista(0x40), since8, since8x64(LIKE_10_HEADER, LIKE_7_BLOCK)),
  profile('win10-x86', 'Windows 10, 32 bits', NT_SOURCE, anyNt, x86, sinceVista(0x20), since8, since8x86(DT_86_HEADER, 0xc)),
  profile('win10-x64', 'Windows 10, 64 bits', NT_SOURCE, anyNt, x64, twoPages, sinceVista(0x40), since8, since8x64(DT_10_HEADER, DT_10_BLOCK)),
  profile('win11-x86', 'Windows 11, 32-bit process', NT_SOURCE, anyNt, x86, sinceVista(0x20), since8, since8x86(DT_86_HEADER, 0xc)),
  profile('win11-x64', 'Windows 11, 64 bits', NT_SOURCE, anyNt, x64, twoPages, sinceVista(0x40), since8, since8x64(DT_10_HEADER, DT_10_BLOCK)),
]

const beforeVista: Figures = {
  spare: low(0, 'No unused end is known.'),
  marker: medium(0, 'Range descriptors lie outside the runs (RO).'),
  segmentLimit: low(0x1000000, 'Not known; as for Windows 7.'),
  maxSegments: medium(64, 'RO: a table of 64 segments.'),
  releaseSegments: low(false, 'Known only from Windows 7 on.'),
  decommitBlock: medium(4 * KIB, 'RO; the default before the registry value HeapDeCommitFreeBlockThreshold (Microsoft KB 315407).'),
  lookasideDepth: low(4, 'Depth at first; general knowledge.'),
  lookasideMaximum: high(0x100, 'MaximumDepth, dt of Windows XP.'),
  lookasideAdjust: low(256, 'A choice; the rule of adjustment is that of the kernel\'s look-aside lists (ReactOS).'),
}

export const ntXpProfiles: readonly HeapProfile[] = [
  profile('xp-x86', 'Windows XP, 32 bits', NT_SOURCE, anyNt, x86, beforeVista, {
    heapHeader: low(0x680, 'General knowledge: the first block of a Windows XP heap; not verified.'),
    lookasideLargest: medium(1016, '128 lists by units, the last of 127.'),
  }),
  profile('xp-x64', 'Windows XP and Server 2003, 64 bits', NT_SOURCE, anyNt, x64, eightTerabytes, twoPages, beforeVista, {
    marker: low(16, 'A block is lent 8 bytes of the unit behind it, so one stands at the end of each run, committed; what Windows keeps there is not known. Range descriptors lie outside the runs (RO).'),
    heapHeader: low(0xa80, 'Taken from Windows 7 x64; no dump of this version was seen.'),
    lookasideLargest: low(2032, '128 lists by units, the last of 127.'),
  }),
]
