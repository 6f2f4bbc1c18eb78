import type { HeapDefinition } from './catalog'
import { mimallocLike } from './field/mimalloc-like'
import { ptmallocLike } from './field/ptmalloc-like'
import { slab } from './field/slab'
import {
  buddyParameters,
  fitParameters,
  kathParameters,
  lfhParameters,
  lookasideParameters,
  segregatedParameters,
  simpleSegregatedParameters,
  tlsfParameters,
} from './fit-parameters'
import { buddyProfiles, fitProfiles, kathProfiles, lfhProfiles, lookasideProfiles, simpleSegregatedProfiles, tlsfProfiles } from './fit-profiles'
import { segmentHeap } from './segment-profiles'
import { ntHeapRules } from './who-gets-it'
import { ntLfhParameters, ntXpParameters } from './nt/nt-parameters'
import { ntLfhProfiles, ntXpProfiles } from './nt/nt-profiles'

const SURVEY = 'Wilson, Johnstone, Neely, Boles: "Dynamic storage allocation: a survey and critical review" (1995)'

const fit = (id: string, title: string, summary: string): HeapDefinition => ({
  id,
  title,
  summary,
  source: SURVEY,
  parameters: fitParameters,
  profiles: fitProfiles(),
  defaultProfile: 'csapp',
})

/** Every heap manager, in the order lists show them. */
export const heapDefinitions: readonly HeapDefinition[] = [
  fit('first-fit', 'First fit', 'Takes the free block at the lowest address that is large enough.'),
  fit('next-fit', 'Next fit', 'Searches on from where the last search ended, to the end and then from the start.'),
  fit('best-fit', 'Best fit', 'Takes the smallest free block that is large enough, the lowest address on ties.'),
  fit('worst-fit', 'Worst fit', 'Takes the largest free block, the lowest address on ties.'),
  fit('lifo-fit', 'LIFO list, first fit', 'Takes the most recently freed block that is large enough.'),
  fit('fifo-fit', 'FIFO list, first fit', 'Takes the block freed longest ago that is large enough.'),
  {
    id: 'segregated',
    title: 'Segregated fits',
    summary: 'Keeps one list per size class; first fit in the class of the request, then in the higher ones.',
    source: SURVEY,
    parameters: segregatedParameters,
    profiles: fitProfiles({ lists: 48, spacing: 1 }),
    defaultProfile: 'csapp',
  },
  {
    id: 'simple-segregated',
    title: 'Simple segregated storage',
    summary: 'Rounds a request up to its size class and takes a block from a page of that class; never splits or merges.',
    source: SURVEY,
    parameters: simpleSegregatedParameters,
    profiles: simpleSegregatedProfiles,
    defaultProfile: 'standard',
  },
  {
    id: 'buddy',
    title: 'Binary buddies',
    summary: 'Halves blocks down to the power of two that fits and joins a freed block with its other half.',
    source: 'Knowlton: "A fast storage allocator" (CACM 1965); Knuth, TAOCP vol. 1, section 2.5',
    parameters: buddyParameters,
    profiles: buddyProfiles,
    defaultProfile: 'standard',
  },
  {
    id: 'tlsf',
    title: 'Two-level segregated fit',
    summary: 'Takes the newest block of the first finely divided size class whose blocks are all large enough.',
    source: 'Masmano, Ripoll, Crespo, Real: "TLSF: a new dynamic memory allocator for real-time systems" (ECRTS 2004)',
    parameters: tlsfParameters,
    profiles: tlsfProfiles,
    defaultProfile: 'paper',
  },
  {
    id: 'kath-nt31',
    title: 'Windows NT 3.1 default heap',
    summary: 'First fit over 16-byte granules in 1 MB ranges that are committed page by page.',
    source: 'Randy Kath: "Managing Heap Memory in Win32" (Microsoft, 1993)',
    parameters: kathParameters,
    profiles: kathProfiles,
    defaultProfile: 'article',
  },
  {
    id: 'lookaside',
    title: 'Look-aside lists (teaching model)',
    summary: 'Keeps freed small blocks in LIFO lists by size before a first-fit back end, which sees them as busy.',
    source: 'The look-aside front end of Windows 2000 to Server 2003, simplified: lists of a fixed depth.',
    parameters: lookasideParameters,
    profiles: lookasideProfiles,
    defaultProfile: 'teaching',
  },
  {
    id: 'lfh',
    title: 'Low-fragmentation front end (teaching model)',
    summary: 'Serves sizes that were allocated often from bitmap sub-segments of equal slots, all others from a first-fit back end.',
    source: 'Microsoft: "Low-fragmentation Heap"; activation counts after debugoff.com; simplified: fixed sub-segments, lowest slot first.',
    parameters: lfhParameters,
    profiles: lfhProfiles,
    defaultProfile: 'teaching',
  },
  mimallocLike,
  slab,
  ptmallocLike,
  segmentHeap,
  {
    id: 'nt-xp',
    title: 'NT heap with look-aside lists (Windows XP)',
    summary: 'Best fit over free lists by size, with LIFO look-aside lists before it, in segments that are committed page by page.',
    source: 'ReactOS heap.c, an independent re-implementation of the Server 2003 design; debugger output of Windows XP. Figures by profile.',
    parameters: ntXpParameters,
    profiles: ntXpProfiles,
    defaultProfile: 'xp-x86',
  },
  {
    id: 'nt-lfh',
    title: 'NT heap with low-fragmentation front end (Windows 7 to 11)',
    summary: 'Best fit over one list sorted by size; sizes that are asked for often move to sub-segments of equal slots.',
    source: 'Debugger output of Windows 7 to 11, published descriptions and structure lists. Figures by profile, each with its source and confidence.',
    servedTo: ntHeapRules,
    parameters: ntLfhParameters,
    profiles: ntLfhProfiles,
    defaultProfile: 'win10-x64',
  },
]
