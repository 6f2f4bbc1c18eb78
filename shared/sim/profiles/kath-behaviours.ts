import { assert } from '../../base/assert'

/**
 * What R. Kath's "Managing Heap Memory in Win32" (1993) and some shorter texts say of NT heaps, numbered, and what the
 * simulated process makes of it. Sources: `K` with section of the article; H = a post on heap structure; S = short
 * introductions to memory management.
 */
export type BehaviourStatus = 'tested' | 'parameter' | 'view' | 'refused' | 'background'

export interface KathBehaviour {
  readonly number: number
  readonly group: string
  readonly behaviour: string
  readonly source: string
  /** `tested`: a test carries the number; `parameter`: a choice with a default, tested too; `view`: the window shows it. */
  readonly status: BehaviourStatus
  /** Parameter and default, or where it is found. */
  readonly note?: string
}

type Row = readonly [number: number, behaviour: string, source: string, status?: BehaviourStatus, note?: string]

const group = (name: string, rows: readonly Row[]): KathBehaviour[] =>
  rows.map(([number, behaviour, source, status = 'tested', note]) => {
    const plain = { number, group: name, behaviour, source, status }
    return note === undefined ? plain : { ...plain, note }
  })

export const kathBehaviours: readonly KathBehaviour[] = [
  ...group('Environment', [
    [1, 'A page has 4,096 bytes; a heap commits one at least.', 'K, growth'],
    [2, 'A process has 2 GB of address space of its own.', 'K, summary of growth'],
    [3, 'Address space is reserved in steps of 16 pages.', 'K, linker'],
    [4, 'Mapped files, heaps and virtual memory are three ways to act on one address space.', 'K, overview', 'background'],
    [5, 'Heap pages are ordinary pages: the memory map shows them reserved or committed.', 'K, overview'],
    [6, 'A heap grows while there is address space and page file; either one lacking makes the request fail.', 'K, summary'],
  ]),
  ...group('Default heap', [
    [7, 'One default heap per process, from its start to its end.', 'K, H'],
    [8, 'GlobalAlloc, LocalAlloc and malloc share it without partition.', 'K'],
    [9, 'The header of the executable gives reserve and commit.', 'K'],
    [10, 'The linker’s own values are 1 MB and 4 KB.', 'K'],
    [11, '/HEAP and HEAPSIZE set both.', 'K'],
    [12, 'The linker takes any reserve.', 'K'],
    [13, 'The loader raises a small one to 64 KB.', 'K'],
    [14, 'A beta linker always wrote 0x1000 as commit.', 'K', 'parameter', 'betaLinker, off'],
    [15, 'Pages are committed inside the reserve as requests need them.', 'K'],
    [16, 'When the reserve is used up, 1 MB is reserved elsewhere and only what the request needs is committed.', 'K, H'],
    [17, 'All ranges serve requests together; growth goes on until memory ends.', 'K'],
    [18, 'A range is contiguous, several are not.', 'K'],
    [19, 'A larger reserve only saves reservations.', 'K'],
    [20, 'Without overhead every forty-first request of 100 bytes commits a page.', 'K', 'tested', 'shape.headerBytes 0, granuleBytes 1, tailBytes 0'],
    [21, 'With overhead the page turns earlier: 100 bytes take 128.', 'K', 'parameter', 'shape.tailBytes, 3'],
  ]),
  ...group('Global and Local', [
    [22, 'Nine pairs of functions.', 'K'],
    [23, 'Both families take each other’s handles.', 'K'],
    [24, 'Flags FIXED, MOVEABLE, DISCARDABLE (movable too), ZEROINIT, NODISCARD, NOCOMPACT, DDESHARE (Global only).', 'K'],
    [25, 'ZEROINIT gives zeros.', 'K'],
    [26, 'NODISCARD discards nothing for the request, NOCOMPACT moves nothing either; they fail instead.', 'K'],
    [27, 'A FIXED block is its pointer.', 'K'],
    [28, 'A MOVEABLE block is a handle; while it is locked it is neither moved nor discarded.', 'K'],
    [29, 'Flags of the two families may differ in value; the table holds one type.', 'K'],
    [30, 'NT gains nothing by compaction and moves nothing.', 'K', 'parameter', 'compaction, none'],
  ]),
  ...group('Table of movable handles', [
    [31, 'It lies outside the heap.', 'K'],
    [32, 'The first MOVEABLE block makes it.', 'K'],
    [33, '512 KB are reserved and one page committed.', 'K'],
    [34, 'An entry has 8 bytes; none straddles a page.', 'K'],
    [35, 'A handle is the address of the entry plus 4.', 'K'],
    [36, 'Lock count, a byte not described, two type bytes, address of the data.', 'K'],
    [37, 'A move changes the address only.', 'K'],
    [38, 'Type bytes: 02 MOVEABLE, 06 DISCARDABLE, 08 in the next byte for DDESHARE.', 'K'],
    [39, 'Sixteen entries are initialised at a time.', 'K'],
    [40, 'The seventeenth handle writes 128 bytes.', 'K', 'tested', 'bytes written; zeros that stay zero count'],
    [41, 'Free entries form a chain, null at the end.', 'K'],
    [42, 'At the end of the chain sixteen more are initialised.', 'K'],
    [43, 'A freed entry is used next.', 'K'],
    [44, 'Every thirty-second initialisation needs a page.', 'K'],
    [45, '65,535 handles at most; FIXED blocks do not count.', 'K', 'tested', 'handleLimit, 65535'],
    [46, 'Lock counts stop at their maximum and Lock still gives the pointer.', 'K', 'tested', 'lockMaximum, 255'],
    [47, 'As many unlocks then free a block that has more locks.', 'K'],
    [48, 'The lock beyond the maximum might fail instead.', 'K', 'parameter', 'strictLocks, off'],
    [49, 'A movable byte costs 40.', 'K'],
  ]),
  ...group('Heap functions and C runtime', [
    [50, 'HeapCreate(0, 0x2000, 0x100000) reserves 1 MB and commits two pages.', 'K'],
    [51, 'Every heap has a handle of its own; the default heap’s works too.', 'K'],
    [52, 'Maximum 0 lets a heap grow.', 'K'],
    [53, 'Another maximum is the end of it.', 'K'],
    [54, 'Calls are serialised unless HEAP_NO_SERIALIZE says otherwise.', 'K'],
    [55, 'HEAP_ZERO_MEMORY and HEAP_GENERATE_EXCEPTIONS.', 'K'],
    [56, 'HeapReAlloc may move a block and keeps its contents.', 'K'],
    [57, 'HEAP_REALLOC_IN_PLACE_ONLY fails rather than move.', 'K'],
    [58, 'Blocks move in HeapReAlloc only.', 'K'],
    [59, 'HeapFree frees one block.', 'K'],
    [60, 'HeapDestroy takes everything and returns the address space.', 'K, H'],
    [61, 'malloc makes FIXED blocks.', 'K'],
    [62, 'The size functions tell what was asked for.', 'K'],
  ]),
  ...group('Overhead and granularity', [
    [63, 'Granularity is 16 bytes.', 'K, figure 5'],
    [64, 'A header of 16 bytes precedes the data.', 'K, figure 5'],
    [65, 'Requests of 1, 2, 3 bytes take 32.', 'K, figure 5'],
    [66, 'Requests of 14, 15, 16 bytes take 48.', 'K, figure 5'],
    [67, 'All ways to allocate cost the same.', 'K, figures 5 to 7'],
    [68, 'A tail line ends the allocations.', 'K, figure 5', 'tested', 'header of the free block that ends a range'],
    [69, 'Small blocks waste, large ones do not.', 'K'],
  ]),
  ...group('ProcessWalker', [
    [70, 'Sixteen bytes to a line, address left, ASCII right.', 'K', 'view', 'hexText'],
    [71, 'A refresh marks changed lines and bytes.', 'K', 'view', 'trackWrites and writtenBytes'],
    [72, 'New and changed regions are marked.', 'K', 'view', 'regions'],
    [73, 'Heaps are told among the regions.', 'K', 'view', 'owners'],
  ]),
  ...group('Structure of heaps', [
    [74, '1 MB at first, more by /HEAP, expanding.', 'H'],
    [75, 'Growth by 1 MB ranges, committed as needed.', 'H'],
    [76, 'A private heap is pages of the caller with initial and maximum size.', 'H'],
    [77, 'A process lists all its heaps.', 'H'],
    [78, 'Granularity 8 with 32 bits, 16 with 64; VirtualAlloc 64 KB.', 'H', 'tested', 'shape; the article’s heap has 16'],
    [79, 'A front end before the core: look-aside lists or low fragmentation, one at a time.', 'H', 'tested', 'heaps lookaside and lfh; the article’s heap has none'],
  ]),
  ...group('Shorter texts', [
    [80, 'Freed neighbours merge; a request gets a piece.', 'S'],
    [81, 'Blocks are shifted to make room.', 'S', 'refused', 'wrong for NT heaps: see 58'],
    [82, 'Leaks stay to the end.', 'S'],
    [83, 'Private pages with protection; mapped files share.', 'S'],
    [84, 'Commit charge and working set.', 'S', 'tested', 'kernel pools, compression, priorities, ASLR and NUMA are not simulated'],
    [85, 'Threads share heaps and need locks.', 'S'],
    [86, 'Fragmentation: enough free bytes, none contiguous.', 'S'],
    [87, 'Searches lengthen with fragmentation.', 'S', 'tested', 'examinedBlocks'],
  ]),
]

/** Where a text leaves two ways open, or contradicts itself: what is said, and the way taken. */
export interface KathReading {
  readonly topic: string
  readonly text: string
  readonly reading: string
  /** Option of the process that takes the other way; absent when there is none. */
  readonly option?: string
}

export const kathReadings: readonly KathReading[] = [
  { topic: 'Handles per process', text: '512 KB in entries of 8 bytes are said to make 65,535; they make 65,536.', reading: 'The table has 65,536 entries, of which 65,535 can be in use.', option: 'handleLimit' },
  { topic: 'Lock limit', text: 'One byte is said to count to 256 (0xFF).', reading: 'It counts to 255; the 256th lock is the first not counted.', option: 'lockMaximum' },
  { topic: 'Bytes of the address', text: 'The four bytes are said to reach from 0x000F0008 to 0x000F0004.', reading: 'They are 0x000F0004 to 0x000F0007, lowest first.' },
  { topic: 'Requests of 14 to 16 bytes', text: 'The granularity alone gives 32 bytes, text and figures say 48.', reading: 'The figures hold: 16 + 16 * ceil((n + tail) / 16).', option: 'shape.tailBytes' },
  { topic: 'Requests of 4 to 13 bytes', text: 'None is shown. Any tail from 3 to 13 gives what is.', reading: 'Tail 3: 14 is the first size with one granule more.', option: 'shape.tailBytes' },
  { topic: 'Request of 0 bytes', text: 'Not told.', reading: 'Takes as much as 1 byte; its size is told as 0. A MOVEABLE one is a handle without memory.' },
  { topic: 'Every forty-first request', text: 'True only without the overhead that a later section finds.', reading: 'Two shapes: an ideal one without overhead, and the real one.', option: 'shape' },
  { topic: 'Order of HeapCreate’s numbers', text: 'The maximum is named before the initial size.', reading: 'Options, initial size, maximum size.' },
  { topic: 'Every thirty-second initialisation', text: 'May mean the 32nd or the one after 32.', reading: 'A page is committed for the 1st, 33rd, 65th.' },
  { topic: '128 changed bytes', text: 'The seventeenth handle is said to change 128 bytes; some of them are zero before and after.', reading: 'They are the bytes written, whatever their value was.' },
  { topic: 'Heap tail', text: 'A line at the end of all allocations is shown, not explained.', reading: 'It is the header of the free block that ends the range; a range filled to its last byte has none.' },
  { topic: 'Inside the block header', text: 'Not told; it has 16 bytes.', reading: 'Sizes of this block and the one before, flags, bytes not asked for, segment, handle: as later Windows heaps have them.' },
  { topic: 'Discarding and compaction', text: 'The flags forbid what NT is said to have no gain from.', reading: 'Nothing moves unless the process is set to; unlocked discardable blocks are discarded when the default heap refuses a request.', option: 'compaction' },
  { topic: 'Pointers of movable blocks', text: 'Not told what HeapFree, HeapReAlloc and free do with them.', reading: 'They refuse them: the handle would be left without a block.' },
  { topic: 'Memory of heaps under VirtualFree and VirtualProtect', text: 'Heap pages are ordinary pages.', reading: 'Both are refused with ERROR_ACCESS_DENIED where they would take a heap’s or the system’s memory away.' },
  { topic: 'Waiting for a locked heap', text: 'A second thread waits.', reading: 'So it does among simulated threads; a single call that would wait for ever fails with ERROR_POSSIBLE_DEADLOCK.' },
]

/** The readings with these topics. */
export function readingsOf(...topics: readonly string[]): readonly KathReading[] {
  return topics.map((topic) => {
    const found = kathReadings.find((reading) => reading.topic === topic)
    assert(found !== undefined, `there is no reading "${topic}"`)
    return found
  })
}
