import type { ParameterValue } from '../../model/run'
import type { HeapProfile } from './catalog'
import { SPACE_BYTES_32 } from './fit-parameters'

const UNBOUNDED = { deferCount: 64, capacity: SPACE_BYTES_32, trim: 0 }

/** The four profiles every splitting and merging heap has; `more` are the heap's own parameters. */
export function fitProfiles(more: Readonly<Record<string, ParameterValue>> = {}): HeapProfile[] {
  const shared = { ...UNBOUNDED, coalesce: 'immediate', realloc: 'copy', splitMin: 0 }
  return [
    {
      id: 'csapp',
      title: 'Textbook, 32-bit (header and footer)',
      values: { ...shared, header: 8, align: 8, minBlock: 16, base: 16, initial: 4096, chunk: 4096, growExact: false, ...more },
      source:
        'Bryant, O\'Hallaron: "Computer Systems: A Programmer\'s Perspective", section 9.9.12: 4-byte header and footer, double words, ' +
        '16-byte prologue and epilogue, 4096-byte growth; confirmed by published malloclab results.',
    },
    {
      id: 'pure',
      title: 'Without overhead',
      values: { ...shared, header: 0, align: 8, minBlock: 8, base: 0, initial: 0, chunk: 8, growExact: true, ...more },
      source: 'Johnstone, Wilson: "The memory fragmentation problem: solved?" (ISMM 1998) compare policies without headers; 8-byte alignment kept.',
    },
    {
      id: 'word',
      title: 'Single units',
      values: { ...shared, header: 0, align: 1, minBlock: 1, base: 0, initial: 0, chunk: 1, growExact: true, ...more },
      source: 'Robson (1974, 1977) and Knuth, TAOCP vol. 1, 2.5, count in words without headers; one byte here is one word.',
    },
    {
      id: 'h16',
      title: '64-bit headers',
      values: { ...shared, header: 16, align: 16, minBlock: 32, base: 0, initial: 0, chunk: 16, growExact: true, ...more },
      source: 'Two 8-byte fields before each block and 16-byte alignment, as in 64-bit boundary-tag heaps; grows exactly, so that nothing but the headers shows.',
    },
  ]
}

const TLSF_FIT = { ...UNBOUNDED, coalesce: 'immediate', realloc: 'in-block', splitMin: 0, header: 8, align: 8, minBlock: 32 }
const TLSF = { ...TLSF_FIT, base: 0, initial: 0, chunk: 8, growExact: true, slLog: 5, small: 256 }
const TLSF_SOURCE =
  'Masmano, Ripoll, Crespo, Real: "TLSF: a new dynamic memory allocator for real-time systems" (ECRTS 2004); 32 second-level ' +
  'classes, at least 24 bytes of data behind the header. Growth and resizing, which the paper leaves open, follow an independent ' +
  'program whose table of heap sizes this profile reproduces to the byte'

export const tlsfProfiles: readonly HeapProfile[] = [
  {
    id: 'paper',
    title: 'As in the paper',
    values: { ...TLSF, roundRequest: true },
    source: `${TLSF_SOURCE}; blocks are rounded up to their class.`,
  },
  {
    id: 'trimmed',
    title: 'Blocks trimmed',
    values: { ...TLSF, roundRequest: false },
    source: `${TLSF_SOURCE}; the search is rounded up, the block is cut to the request as many implementations do.`,
  },
]

export const buddyProfiles: readonly HeapProfile[] = [
  {
    id: 'standard',
    title: 'Binary buddies',
    values: { header: 8, minOrder: 4, realloc: 'in-place-forward', capacity: SPACE_BYTES_32 },
    source: 'Knuth, TAOCP vol. 1, 2.5, algorithms R and S; 8-byte header for order and state, 16-byte smallest block.',
  },
  {
    id: 'pure',
    title: 'Without overhead',
    values: { header: 0, minOrder: 4, realloc: 'in-place-forward', capacity: SPACE_BYTES_32 },
    source: 'Knuth, TAOCP vol. 1, 2.5, with order and state kept outside the blocks.',
  },
]

export const simpleSegregatedProfiles: readonly HeapProfile[] = [
  {
    id: 'standard',
    title: 'Powers of two in 4 KiB pages',
    values: { header: 0, minBlock: 16, pageBytes: 4096, spacing: 1, realloc: 'in-place-forward', capacity: SPACE_BYTES_32 },
    source: 'Wilson, Johnstone, Neely, Boles: "Dynamic storage allocation: a survey and critical review" (1995), section 3.6, simple segregated storage.',
  },
]

const KATH_SOURCE = 'Randy Kath: "Managing Heap Memory in Win32" (Microsoft, 1993)'
const KATH = { granule: 16, reserve: 0x100000, commit: 0x1000, realloc: 'in-place-forward', capacity: SPACE_BYTES_32 }

export const kathProfiles: readonly HeapProfile[] = [
  {
    id: 'article',
    title: 'As measured in the article',
    values: { ...KATH, tail: 3 },
    source: `${KATH_SOURCE}: requests of 1, 2, 3 bytes consume 32, of 14, 15, 16 bytes 48; 3 is the least addition that gives this. Linker defaults: 1 MB reserve, 4 KB commit.`,
  },
  {
    id: 'simple',
    title: 'Header and rounding only',
    values: { ...KATH, tail: 0 },
    source: `${KATH_SOURCE}, summary: a 16-byte header and 16-byte granules.`,
  },
]

const BACK_END = { header: 8, align: 8, minBlock: 16, splitMin: 0, base: 0, capacity: SPACE_BYTES_32 }

export const lookasideProfiles: readonly HeapProfile[] = [
  {
    id: 'teaching',
    title: 'Four blocks a list',
    values: { ...BACK_END, depth: 4, largest: 1024 },
    source:
      'A teaching model: LIFO lists up to 1 KB with 8-byte granules as in Windows 2000 to Server 2003; the depth of 4 is a choice that keeps examples short, real depths adapt to use and are not modelled.',
  },
]

export const lfhProfiles: readonly HeapProfile[] = [
  {
    id: 'teaching',
    title: 'Armed by 17 allocations',
    values: { ...BACK_END, armAt: 17, creationDelay: 1, largest: 1024, slots: 16 },
    source:
      'A teaching model. debugoff.com: on a fresh heap the 19th allocation of a size is the first from the front end, once it exists the 18th; older texts say 18 and 17. Sub-segments of 16 slots and sizes up to 1 KB are choices.',
  },
]
