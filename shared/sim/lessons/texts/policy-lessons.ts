import { readingsOf } from '../../profiles/kath-behaviours'
import type { LessonPartText, LessonText } from '../lesson-types'

/** Holes of 20 and 15 units, and requests that fit or not. */
function holes(policy: string, requests: readonly number[], served: readonly boolean[]): LessonPartText {
  const asks = requests.map((bytes, index) => `a ${index + 5} ${bytes}\nassert served(${index + 5}) = ${served[index] === true ? 1 : 0}`)
  return {
    title: `${policy}: requests of ${requests.join(', ')}`,
    machine: 'heap',
    script: `heap ${policy} word capacity=37
a 1 20
a 2 1
a 3 15
a 4 1
f 1 3
assert free = 35
${asks.join('\n')}`,
    stops: [
      { line: 6, lookAt: 'Two holes, 20 and 15; the heap cannot grow.' },
      { line: 7 + 2 * requests.length, lookAt: 'What is left of the holes, and which request found none.' },
    ],
  }
}

const staircase = (policy: string): LessonPartText => ({
  title: policy,
  machine: 'heap',
  script: `heap ${policy} word
adversary 1024 6
assert peakLive = 1024
assert footprint = 4033`,
  stops: [{ line: 2, lookAt: 'The map over time: each step leaves blocks just too close for the next size.' }],
})

/** 16 + 16 for the data's granules with `tail` bytes added to the request. */
const article = (tail: number): LessonPartText => ({
  title: `${tail} bytes added`,
  machine: 'heap',
  script: `heap kath-nt31 article tail=${tail}
a 1 1
a 2 2
a 3 3
a 9 9
a 14 14
a 15 15
a 16 16
assert consumed(1) = 32
assert consumed(2) = 32
assert consumed(3) = 32
assert consumed(14) = 48
assert consumed(15) = 48
assert consumed(16) = 48
assert consumed(9) = ${9 + tail > 16 ? 48 : 32}`,
  stops: [{ line: 8, lookAt: 'Seven blocks; the one of 9 bytes is where the article leaves the choice open.' }],
})

const BUDDY_SIZES: readonly (readonly [request: number, block: number, wasted: number])[] = [
  [33, 64, 0.484375],
  [65, 128, 0.4921875],
  [100, 128, 0.21875],
  [129, 256, 0.49609375],
  [513, 1024, 0.4990234375],
]

/** Lessons about the choice of a heap manager, and about sizes. */
export const policyLessons: readonly LessonText[] = [
  {
    number: 13,
    id: 'policies',
    title: 'No policy always wins',
    idea: 'A sequence for which best fit is right, and one for which it is wrong',
    text: [
      'Two holes, 20 and 15. Best fit puts a request of 10 into the 15 and keeps the 20 whole for the next one; the others cut the 20 and then have no room.',
      'For 8, 12 and 12 it is the other way round: best fit spoils the 15 with the 8, and the last request finds 7 and 8.',
    ],
    parts: [
      ...['first-fit', 'next-fit', 'worst-fit'].map((policy) => holes(policy, [10, 20], [true, false])),
      holes('best-fit', [10, 20], [true, true]),
      ...['first-fit', 'next-fit', 'worst-fit'].map((policy) => holes(policy, [8, 12, 12], [true, true, true])),
      holes('best-fit', [8, 12, 12], [true, true, false]),
    ],
    source: 'Arithmetic; the question is treated in Knuth, The Art of Computer Programming, volume 1, section 2.5.',
  },
  {
    number: 14,
    id: 'buddy',
    title: 'What buddies waste',
    idea: 'Powers of two, and the sizes just above them',
    text: ['A buddy system rounds each request up to a power of two. Just above one, nearly half of the block is empty; the waste is inside the blocks, where no merging helps.'],
    parts: BUDDY_SIZES.map(([request, block, wasted]) => ({
      title: `A request of ${request}`,
      machine: 'heap',
      script: `heap buddy pure
a 1 ${request}
assert consumed(1) = ${block}
assert live = ${request}
assert waste = ${wasted}`,
      stops: [{ line: 2, lookAt: `${block} bytes for ${request}.` }],
    })),
    source: 'Arithmetic.',
  },
  {
    number: 15,
    id: 'staircase',
    title: "Robson's staircase",
    idea: 'The worst a program can do to a heap that cannot move blocks',
    text: [
      'The program never holds more than 1024 units. It fills them with single ones, then again and again keeps one block in each aligned stretch and frees the rest, so that the next size, twice as large, finds no hole. All four policies end at 4033 units, M(k/2 + 1) - 2^k + 1: no placement without moving escapes.',
    ],
    parts: ['first-fit', 'best-fit', 'next-fit', 'worst-fit'].map(staircase),
    source: 'J. M. Robson: "An estimate of the store size necessary for dynamic storage allocation" (JACM 1971) and "Bounds for some functions concerning dynamic storage allocation" (JACM 1974).',
  },
  {
    number: 16,
    id: 'article-sizes',
    title: 'What a block of one byte costs',
    idea: 'Header, rounding, and a few bytes the article does not explain',
    text: [
      'In the heap of Windows NT 3.1 requests of 1, 2 and 3 bytes consumed 32 bytes, those of 14, 15 and 16 bytes 48: more than a header of 16 and rounding to 16 explain. Adding any number of bytes from 3 to 13 before rounding gives these figures; the article has no request that would tell which.',
    ],
    parts: [3, 8, 13].map(article),
    readings: readingsOf('Requests of 14 to 16 bytes', 'Requests of 4 to 13 bytes', 'Request of 0 bytes', 'Heap tail', 'Inside the block header'),
    source: 'Randy Kath: "Managing Heap Memory in Win32" (Microsoft, 1993), Figures 5 to 7.',
  },
]
