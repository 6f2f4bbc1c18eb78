import type { HeapDefinition, HeapProfile, ParameterDefinition } from '../catalog'
import { bytes, capacity, GIBIBYTE, SPACE_BYTES_64 } from '../fit-parameters'

const parameters: readonly ParameterDefinition[] = [
  { name: 'tcacheCount', title: 'Thread cache depth', type: 'integer', unit: 'count', minimum: 0, maximum: 65535, meaning: 'Most chunks a list of the thread cache keeps; 0: no thread cache.' },
  bytes('tcacheMax', 'Largest cached request', [0, 1032], 'Largest request whose chunk the thread cache keeps when it is freed.'),
  bytes('maxFast', 'Largest fast chunk', [0, 160], 'Largest chunk that goes to a fast bin, where it does not merge; 0: no fast bins.'),
  bytes('consolidateAt', 'Merging threshold', [0, GIBIBYTE], 'A freed chunk that has merged to this size makes all chunks in fast bins merge, and the end of the heap be looked at.'),
  bytes('topPad', 'Top pad', [0, GIBIBYTE], 'Bytes asked for beyond the request when the heap grows, and kept when it shrinks.'),
  bytes('trimThreshold', 'Trim threshold', [0, SPACE_BYTES_64], 'Free memory at the end of the heap that makes it shrink.'),
  bytes('mmapThreshold', 'Mapping threshold', [0, SPACE_BYTES_64], 'Chunks from this size that no free memory serves get a mapping of their own.'),
  bytes('mmapThresholdMax', 'Largest mapping threshold', [0, SPACE_BYTES_64], 'Freed mappings up to this size raise the mapping threshold when it adapts.'),
  { name: 'dynamic', title: 'Adaptive thresholds', type: 'boolean', unit: 'none', meaning: 'True: a freed mapping raises the mapping threshold to its size and the trim threshold to twice that.' },
  capacity,
]

const MANUAL = 'GNU C Library manual, "Memory Allocation Tunables" and "Malloc Tunable Parameters"'
const STRUCTURE =
  '64-bit chunks (8-byte size word, 16-byte granules, 32 bytes at least, next chunk\'s first word lent to the program), 7 chunks a ' +
  'list up to requests of 1032 bytes, fast chunks up to 128 bytes, merging at 64 KiB: glibc wiki, "MallocInternals"; checked ' +
  'against the addresses that mtrace recorded of sqlite3, perl, python3 and git (docs/what-if.md)'

const COMMON = {
  tcacheCount: 7,
  tcacheMax: 1032,
  maxFast: 128,
  consolidateAt: 65536,
  topPad: 131072,
  trimThreshold: 131072,
  mmapThreshold: 131072,
  mmapThresholdMax: 32 * 2 ** 20,
  dynamic: true,
  capacity: SPACE_BYTES_64,
}

const profiles: readonly HeapProfile[] = [
  {
    id: 'thread-cache',
    title: 'As glibc 2.26 to 2.40',
    values: COMMON,
    source: `${MANUAL}: top pad, trim and mapping threshold 128 KiB, mapping threshold adapts up to 32 MiB. ${STRUCTURE}.`,
  },
  {
    id: 'no-thread-cache',
    title: 'As before glibc 2.26',
    values: { ...COMMON, tcacheCount: 0 },
    source: `${MANUAL}; the thread cache came with glibc 2.26 (2017), all else as in the other profile.`,
  },
]

export const ptmallocLike: HeapDefinition = {
  id: 'ptmalloc-like',
  title: 'ptmalloc-like (Linux, glibc)',
  summary: 'Caches freed chunks by size without merging, files the others in small and large bins, best fit in the large ones, and cuts the rest from the top.',
  source:
    'Like the malloc of glibc (ptmalloc after dlmalloc), written anew from its documentation: one arena, one thread, calloc and ' +
    'aligned requests as plain ones. Not the original.',
  parameters,
  profiles,
  defaultProfile: 'thread-cache',
}
