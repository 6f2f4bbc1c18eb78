import { readingsOf } from '../../profiles/kath-behaviours'
import type { LessonText } from '../lesson-types'

/** Lessons that need nothing but a heap manager. */
export const heapLessons: readonly LessonText[] = [
  {
    number: 1,
    id: 'enough-free',
    title: 'Enough free, still fails',
    idea: 'Total free bytes against the largest hole',
    text: [
      'An arena of 320 bytes is filled with ten blocks of 32, then every second one is freed. Half of the memory is free, and yet a request for 50 bytes fails: no hole is larger than 32.',
      'The total says how much is free, the largest hole says what can be had. Freeing one neighbour joins three holes, and the same request succeeds.',
    ],
    parts: [
      {
        title: 'Ten blocks, five holes',
        machine: 'heap',
        script: `heap first-fit word capacity=320
a 1..10 32
f 1 3 5 7 9
assert free = 160
assert holes = 5
assert largest = 32
assert scatter = 0.8
assert unusable(50) = 1
assert effectiveHoles = 5
assert cause(50) = fragmented
assert grade(50) = 0.16
a 11 50
assert served(11) = 0
assert failures = 1
f 2
assert free = 192
assert holes = 4
assert largest = 96
assert scatter = 0.5
assert unusable(50) = 0.739583
assert effectiveHoles = 3
a 11 50
assert served(11) = 1`,
        stops: [
          { line: 3, lookAt: 'The map: five holes of equal size between five blocks. The grade is only 0.16 although the cause is fragmentation; read the cause first.' },
          { line: 12, lookAt: 'The request for 50 bytes failed, with 160 bytes free.' },
          { line: 15, lookAt: 'Blocks 1 to 3 have become one hole of 96 bytes.' },
        ],
      },
    ],
    source: 'After an exercise of an EPFL course page; the figures are arithmetic.',
  },
  {
    number: 2,
    id: 'pinned-pages',
    title: 'One small block pins a page',
    idea: 'Stranded bytes: free memory that cannot be given back',
    text: [
      '4096 blocks fill 256 pages. All but every sixteenth are freed: one sixteenth of the memory is in use, and still every page holds a block, so not one page can be given back to the system.',
      'Keeping the first 256 blocks instead leaves the same bytes in use on 16 pages, and 240 pages could go. The survivors of the first case all sit at the same place in their pages: joining pages of which each uses other places, as Mesh does, would not help here.',
    ],
    parts: [
      {
        title: 'One survivor on each page',
        machine: 'heap',
        script: `heap first-fit h16
a 0..4095 240
assert footprint = 1048576
assert pages = 256
f 0..4095 except every 16
assert live = 61440
assert free = 983040
assert holes = 256
assert largest = 3840
assert pagesInUse = 256
assert releasable = 0
assert occupancy = 0.0625
assert overhead = 16.066667
assert unusable(4096) = 1`,
        stops: [{ line: 5, lookAt: 'The map at one page a row: each row holds one small block. Releasable bytes are 0.' }],
      },
      {
        title: 'The same bytes, side by side',
        machine: 'heap',
        script: `heap first-fit h16
a 0..4095 240
f 256..4095
assert live = 61440
assert free = 983040
assert holes = 1
assert pagesInUse = 16
assert releasable = 983040
assert releasablePages = 240`,
        stops: [{ line: 3, lookAt: 'As much is free as before, in one piece: 240 whole pages.' }],
      },
    ],
    source: 'Arithmetic; compare Powers, Tench, Berger, McGregor: "Mesh: Compacting Memory Management for C/C++" (PLDI 2019).',
  },
  {
    number: 3,
    id: 'growing-buffer',
    title: 'Growing a buffer',
    idea: 'Reallocation, placement and the growth factor',
    text: [
      'A buffer grows step by step, with a short-lived block between two steps. When each step copies, the old places pile up behind. Growing in place saves first fit, but hardly best fit: it keeps putting the temporary block right behind the buffer.',
      'A buffer alone that grows by a factor can use the space of its forerunners again only when the factor is below 1.618, the golden ratio: only then do they together become large enough.',
    ],
    parts: [
      growth('First fit, copying', 'first-fit csapp realloc=copy', 2315296, 0.2656),
      growth('Best fit, copying', 'best-fit csapp realloc=copy', 1957536, 0.3142),
      growth('First fit, in place when possible', 'first-fit csapp realloc=in-place-forward', 772312, 0.7964),
      growth('Best fit, in place when possible', 'best-fit csapp realloc=in-place-forward', 2173712, 0.2829),
      factor('1.25', 1.809, 3),
      factor('1.5', 1.667, 5),
      factor('1.6', 1.625, 7),
      factor('1.7', 2.429, 0),
      factor('2', 2, 0),
    ],
    source: 'Workload G8; the factors are arithmetic.',
  },
  {
    number: 4,
    id: 'lfh',
    title: 'The front end wakes up',
    idea: 'The activation count of a low-fragmentation heap',
    text: [
      'A low-fragmentation front end stays asleep until a size has been asked for often enough. On a fresh heap the seventeenth request arms its size and the eighteenth creates the front end; the nineteenth is the first it serves. Once it exists, the next size needs one request less.',
      'Its blocks come from containers of equal slots. Freeing a slot clears a bit: no hole appears, nothing merges. This is a model for teaching; a Windows heap adds random places and larger thresholds for large sizes.',
    ],
    parts: [
      {
        title: 'Twenty of 48, twenty of 64',
        machine: 'heap',
        script: `heap lfh teaching
a 1..18 48
assert frontEnd = 0
a 19 48
assert frontEnd = 1
a 20 48
assert frontEnd = 2
assert blocks = 20
a 21..37 64
assert frontEnd = 2
a 38 64
assert frontEnd = 3
a 39 40 64
assert frontEnd = 5
assert blocks = 40
assert freeBlocks = 0
f 1..18
assert freeBlocks = 1
f 19 20
assert freeBlocks = 1
assert frontEnd = 3
assert cachedBlocks = 29`,
        stops: [
          { line: 2, lookAt: 'Eighteen blocks, all from the back end; the front end exists and has served nobody.' },
          { line: 6, lookAt: 'Blocks 19 and 20 are slots of a container; its other slots are kept back.' },
          { line: 13, lookAt: 'Three of the blocks of 64 are slots: 5 of 40 blocks in all.' },
          { line: 19, lookAt: 'Freeing 1 to 18 left a hole in the back end; freeing 19 and 20 only emptied two slots.' },
        ],
      },
    ],
    source: 'Counts after debugoff.com; older texts say one less (parameter armAt).',
  },
  {
    number: 7,
    id: 'lookaside',
    title: 'Look-aside hides free blocks',
    idea: 'Cached blocks are free for the program and busy for the heap',
    text: [
      'Six blocks lie side by side and five are freed. Look-aside lists of depth four keep four of them for the next request of that size: for the back end these are busy, so they do not merge. A request of 96 bytes makes the heap grow although 160 bytes in a row are unused.',
      'The next small request is served at once with the block freed last. Without the lists the five blocks become one hole and the heap does not grow.',
    ],
    parts: [
      {
        title: 'Lists of depth 4',
        machine: 'heap',
        script: `heap lookaside teaching
a 1..6 24
assert consumed(1) = 32
f 1 2 3 4 5
assert freeBlocks = 1
assert largest = 32
assert cachedBlocks = 4
assert cachedBytes = 128
assert footprint = 192
a 7 96
assert footprint = 296
assert address(7) = 192
a 8 24
assert address(8) = 96`,
        stops: [
          { line: 4, lookAt: 'Four cached blocks and one free one: 160 bytes in a row, of which the back end sees 32.' },
          { line: 10, lookAt: 'Block 7 was put behind all others: the heap grew by its 104 bytes.' },
          { line: 13, lookAt: 'Block 8 lies where block 4 was, the last one cached.' },
        ],
      },
      {
        title: 'Without lists',
        machine: 'heap',
        script: `heap lookaside teaching depth=0
a 1..6 24
f 1 2 3 4 5
assert freeBlocks = 1
assert largest = 160
a 7 96
assert footprint = 192
assert address(7) = 0`,
        stops: [{ line: 6, lookAt: 'One hole of 160 bytes took block 7; the heap kept its size.' }],
      },
    ],
    source: 'A model for teaching: depths and sizes of the lists of Windows XP adapt to use and are not modelled.',
  },
  {
    number: 8,
    id: 'leak-or-fragmentation',
    title: 'Leak or fragmentation?',
    idea: 'Two reasons for a growing heap, told apart by two slopes',
    text: [
      'Each pass of the first program keeps a block it no longer knows. Live bytes grow, and the overhead stays where it is: that is a leak, no heap can help.',
      'The second program holds about as many bytes all the time. Its heap grows for a while as holes that fit nothing appear, then levels off: that is fragmentation. If live bytes rise and the overhead does not, look for a leak; if only the footprint rises, look at the holes; if neither rises, there is nothing to find.',
    ],
    parts: [
      {
        title: 'A leak',
        machine: 'heap',
        script: `heap kath-nt31 article tail=8
repeat 31: a x 100; a y 100; f y
assert consumed(x) = 128
assert pages = 1
repeat 1: a x 100; a y 100; f y
assert pages = 2
repeat 32: a x 100; a y 100; f y
assert pages = 3
repeat 36: a x 100; a y 100; f y
assert pages = 4
repeat 400: a x 100; a y 100; f y
assert pages = 16
repeat 500: a x 100; a y 100; f y
assert pages = 32
assert live = 100000
assert overhead = 0.31072
assert holes = 1
assert verdict(300) = leak`,
        stops: [{ line: 13, lookAt: 'The timeline: live and committed bytes rise side by side. A page takes 32 blocks of 100 bytes, not 40: each consumes 128.' }],
      },
      {
        title: 'Fragmentation',
        machine: 'heap',
        script: `heap kath-nt31 article tail=8
workload G1 1..500
workload G1 501..20500
assert verdict(500) = fragmentation
assert verdict(12500) = plateau`,
        stops: [
          { line: 2, lookAt: '500 blocks of all sizes, no hole yet.' },
          { line: 3, lookAt: 'The timeline: live bytes stay level, committed bytes rise, then level off.' },
        ],
      },
    ],
    readings: readingsOf('Every forty-first request', 'Requests of 4 to 13 bytes'),
    source: 'Arithmetic; workload G1.',
  },
]

/** One way of carrying out workload G8. */
function growth(title: string, heap: string, peakBytes: number, utilisation: number): LessonText['parts'][number] {
  return {
    title,
    machine: 'heap',
    script: `heap ${heap}
workload G8
assert peakFootprint = ${peakBytes}
assert utilisation > ${(utilisation - 0.00005).toFixed(5)}
assert utilisation < ${(utilisation + 0.00005).toFixed(5)}`,
    stops: [{ line: 2, lookAt: 'The map over time: where the buffer lay, and what it left behind.' }],
  }
}

/** A buffer that grows by a factor, alone. */
function factor(by: string, heapPerFinal: number, firstReuse: number): LessonText['parts'][number] {
  return {
    title: `Growth by ${by}`,
    machine: 'heap',
    script: `heap first-fit word align=16
buffer 64 ${by} 16
assert firstReuse = ${firstReuse}
assert heapPerLast > ${(heapPerFinal - 0.0005).toFixed(4)}
assert heapPerLast < ${(heapPerFinal + 0.0005).toFixed(4)}`,
    stops: [{ line: 2, lookAt: firstReuse === 0 ? 'The buffer never finds room in what it left: the heap ends at more than twice its size.' : `At step ${firstReuse} the buffer first fits into what it left before.` }],
  }
}
