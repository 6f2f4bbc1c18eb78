/*
 * Every rule of the Windows heaps that two sources or real bytes support, with the test that checks it: a test names its
 * rule in brackets at the start of its title, and windows-rules.test.ts holds table, tests and sources against one another.
 *
 *   { id: 'nt-merge', marks: ['3.4#1'], ... }   test('[nt-merge] 3.4 a freed block merges ...')
 *
 * A mark is a line of nt-heap.md or segment-heap.md, our material on these heaps, whose confidence is high: its section and
 * which such line of the section it is. Rules without a mark are those that have behaviour although one source tells them.
 */
export interface WindowsRule {
  readonly id: string
  readonly marks: readonly string[]
  /** In our own words, with its figures. */
  readonly rule: string
}

const rule = (id: string, marks: string, text: string): WindowsRule => ({ id, marks: marks === '' ? [] : marks.split(' '), rule: text })

/** Of nt-heap.md. */
export const ntRules: readonly WindowsRule[] = [
  rule('nt-granule', '1#1', 'sizes count in units of 8 bytes (x86) or 16 (x64), as large as an entry header'),
  rule('nt-usable-bytes', '1#2', 'u units hold 8u - 8 bytes (x86), 16u - 8 (x64)'),
  rule('nt-least-block', '1#3', 'no block has fewer than 2 units'),
  rule('nt-rounding', '1#4', 'block bytes are max(n, 1) and the header, rounded up to a unit'),
  rule('nt-virtual-threshold', '1#5', 'blocks above 0xFE00 units (508 KB, x86) or 0xFF00 units (1,020 KB, x64) get a reservation of their own'),
  rule('nt-segment-reserve', '1#6', 'the second segment reserves 0x100000 bytes'),
  rule('nt-segment-commit', '1#7', 'SegmentCommit is 0x2000 bytes'),
  rule('nt-decommit-block', '1#8', 'free blocks from 4 KB on are decommitted, on Windows 10 x64 from 16 KB on'),
  rule('nt-decommit-total', '1#9', 'and only once 64 KB are free in total'),
  rule('nt-registry-override', '1#10', 'both thresholds are settings, in bytes'),
  rule('nt-maximum-allocation', '1#11', 'the largest request is 0x7FFDEFFF bytes (x86), 0x7FFFFFDEFFF (Windows 7 x64), 0x7FFFFFFDEFFF (8.1 and later, x64)'),
  rule('nt-heap-header', '1#12', 'the first entry lies at 0x588 (Windows 7 x86), 0xA80 (7 x64), 0x498 (10 x86), 0x740 (10 x64)'),
  rule('nt-marker-size', '1#13', 'the entry that describes an uncommitted range has 0x20 bytes (x86) or 0x40 (x64)'),
  rule('nt-process-heap-pages', '1#14', 'the process heap uses 0xFF pages from Windows 8 on, 0x100 before'),
  rule('nt-private-heap', '1#15', 'a growable heap made without sizes reserves 64 KB and commits one page (x86)'),
  rule('nt-private-heap-x64', '', 'the same on Windows 7 x64: 0x10 pages, 0xE of them not committed'),
  rule('nt-create', '', 'made without sizes: 64 KB reserved; an initial size is rounded up to pages, what it reserves to 64 KB; last in the list of heaps'),
  rule('nt-destroy', '', 'a destroyed heap gives back segments and large blocks; the process heap cannot be destroyed'),
  rule('nt-signatures', '1#16', '0xFFEEFFEE in each segment, 0xEEFFEEFF in the heap, 0xF0E0D0C0 in containers'),
  rule('nt-flags', '', 'bits of the heap flags and their class'),
  rule('nt-no-serialize', '', 'heaps without serialization have no front end'),
  rule('nt-no-coalesce', '', 'with merging disabled freed neighbours stay apart'),
  rule('nt-fixed-heap', '', 'heaps of fixed size have one segment, no reservations for large blocks, no front end'),
  rule('nt-first-free-block', '', 'a fresh heap: header, one free block up to the committed end, then the range that is not'),
  rule('nt-free-list-order', '3.1#1', 'one list of all free blocks in order of size, entered at the first of a size'),
  rule('nt-xp-lists', '3.1#2', 'before Vista one list for each number of units up to 127, and one sorted list of the larger ones'),
  rule('nt-virtual-entry', '3.2#1', 'a block of its own reservation: its entry counts the bytes nobody asked for, flags 1 and 8'),
  rule('nt-best-fit', '3.2#2', 'the smallest free block that suffices, an exact one first'),
  rule('nt-zero-request', '3.2#3', 'no bytes get the least block; the fills of debug flags are not simulated'),
  rule('nt-one-unit-rest', '', 'one unit is never split off'),
  rule('nt-marker-entry', '3.3#1', 'that entry has flags 0x11, 3 unused bytes, and holds address and size of the range'),
  rule('nt-marker-moves', '', 'it moves when pages are committed'),
  rule('nt-ucr-position', '', 'with 0x74 of 0xFF pages committed it lies in the last of them'),
  rule('nt-segment-doubling', '3.3#2', 'each further segment reserves twice as much'),
  rule('nt-merge', '3.4#1', 'a freed block merges with free neighbours'),
  rule('nt-front-insert', '3.4#2', 'of equal free blocks the one freed last is served first'),
  rule('nt-lookaside-depth', '4#1', 'a look-aside list holds at most 0x100 blocks'),
  rule('nt-lookaside-lifo', '', 'its newest block is served first, and stays busy for the back end'),
  rule('nt-lfh-activation', '', 'the request of a size that is the first from the front end: 18 (Windows 7), 19 on a fresh heap, then 17 and 18'),
  rule('nt-lfh-total', '5.1#1', 'about 2,040 requests in all activate a size too'),
  rule('nt-lfh-buckets', '5.2#1', '128 buckets up to 16,384 bytes: x86 in steps of 8 to 512, x64 of 16 to 512'),
  rule('nt-lfh-sub-segment', '5.3#1', 'the first container of slots of 48 bytes has 1,024 bytes and 19 slots'),
  rule('nt-lfh-lifo', '5.4#1', 'Windows 7 hands slots out by address, then the one freed last'),
  rule('nt-slot-header', '5.4#2', 'byte 7 of a slot: 0x80 and the unused bytes; 0x80 alone is free'),
]

/** Of segment-heap.md. */
export const segmentRules: readonly WindowsRule[] = [
  rule('seg-default-programs', '1#1', 'packaged programs and six of the system have it by default'),
  rule('seg-switches', '1#2', 'FrontEndHeapDebugOptions: 4 is off, 8 is on; Enabled for all programs'),
  rule('seg-plain-heaps', '1#3', 'only heaps that can grow, without base, lock, commit routine or segment sizes of the caller'),
  rule('seg-signature', '1#4', '0xDDEEDDEE at 0x10 (x64), 8 (x86)'),
  rule('seg-routing', '2#1', 'up to 16,368 slots or chunks, up to 131,072 chunks, up to 520,192 pages, more a reservation'),
  rule('seg-contexts', '', 'since 1709 units of 64 KB in segments of 16 MB come before reservations'),
  rule('seg-page-segments', '3#1', 'segments of 1 MB with 256 descriptors, two of them the header'),
  rule('seg-range-fit', '3#2', 'best fit, of equal ranges the most committed'),
  rule('seg-range-flags', '3#3 3#4', 'flags of first descriptors: bits of 1507 to 1703; since 1709 3 pages, 11 slots, 15 chunks, 2 free'),
  rule('seg-unit-size', '3#5', 'the first descriptor of a range tells its length, the others how far back it is'),
  rule('seg-segment-signature', '3#6', 'segment, heap or context, key and constant 0xA2E64EADA2E64EAD by build'),
  rule('seg-chunk-sub-segment', '4#1', 'twice the chunk and 72 bytes, a power of two from 64 to 256 KB'),
  rule('seg-chunk-sub-segment-less', '', 'or what the back end has, chunk and 4,167 bytes in whole pages at least'),
  rule('seg-chunk-sub-segment-header', '4#2', 'header of 0x30 (0x18) bytes, size in granules, signature with 0x2BED'),
  rule('seg-chunk-header', '4#3', 'cost, size, previous size and allocated, encoded with address and key'),
  rule('seg-chunk-header-x86', '', 'on x86 1, 15, 15 and 1 bits in units of 8'),
  rule('seg-chunk-size', '', 'granules of 16 (8) with a header of 16 (8)'),
  rule('seg-chunk-unused', '4#4', 'bit 8 says that the last two bytes count the unused ones'),
  rule('seg-chunk-fit', '4#5', 'best fit; a rest below 32 bytes stays'),
  rule('seg-chunk-cost', '', 'of equal chunks the one that needs fewest pages committed'),
  rule('seg-chunk-merge', '', 'freed chunks merge with their neighbours'),
  rule('seg-activation', '5#1', 'the 17th living request of a bucket is the first from slots'),
  rule('seg-activation-total', '', 'so is the 2,040th request'),
  rule('seg-bucket-word', '', 'an inactive bucket is an odd word: five bits of living blocks, eleven of requests'),
  rule('seg-slot-bitmap', '5#2', 'two bits a slot: busy, unused bytes'),
  rule('seg-slot-placement', '5#3', 'a random free slot of the first word of 32 that has one, from the hint on'),
  rule('seg-slot-offsets', '5#4', 'block size and first block, encoded with key and address >> 12'),
  rule('seg-large', '6#1', 'a reservation at a multiple of 64 KB with a guard page'),
  rule('seg-large-records', '', 'a tree by address: unused bytes in the low 16 bits, pages from bit 12'),
  rule('seg-guard-pages', '7#1', 'sub-segments from 64 KB on end with a guard page'),
  rule('seg-base', '', 'the heap begins at a random multiple of 64 KB'),
]
