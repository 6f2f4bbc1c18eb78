import type { HeapDefinition, HeapProfile, ParameterDefinition } from '../catalog'
import { bytes, capacity, reallocMode, SPACE_BYTES_64 } from '../fit-parameters'

const parameters: readonly ParameterDefinition[] = [
  { name: 'classes', title: 'Object sizes', type: 'choice', unit: 'none', choices: ['powers', 'powers-96-192'], meaning: 'Powers of two, or those with 96 and 192 bytes between them.' },
  bytes('smallest', 'Smallest object', [8, 4096], 'Object size of the smallest cache, a power of two.'),
  bytes('largest', 'Largest object', [8, 65536], 'Object size of the largest cache, a power of two; larger requests take whole pages.'),
  bytes('slabHeader', 'Slab record', [0, 2048], 'Bytes of a slab that its own record takes.'),
  { name: 'objectsMin', title: 'Objects a slab', type: 'integer', unit: 'count', minimum: 1, maximum: 4096, meaning: 'A slab has as many pages, doubled each time, as hold this many objects.' },
  bytes('slabMost', 'Largest slab', [4096, 4 * 1024 * 1024], 'A slab has no more than this, even if it holds fewer objects; a power of two.'),
  { name: 'emptyKept', title: 'Empty slabs kept', type: 'integer', unit: 'count', minimum: 0, maximum: 1_000_000, meaning: 'Slabs without objects that a cache keeps; further ones are given back.' },
  bytes('colour', 'Colour step', [0, 256], 'Successive slabs of a cache begin this much later, as far as what is left over allows; a multiple of 8. 0: all alike.'),
  reallocMode,
  capacity,
]

const COMMON = { smallest: 8, largest: 8192, slabMost: 65536, realloc: 'in-place-forward', capacity: SPACE_BYTES_64 }

const profiles: readonly HeapProfile[] = [
  {
    id: 'kmalloc',
    title: 'General caches of a kernel',
    values: { ...COMMON, classes: 'powers-96-192', slabHeader: 0, objectsMin: 8, emptyKept: 5, colour: 0 },
    source:
      'Caches of 8 to 8192 bytes with 96 and 192 between, larger requests from the page allocator: Linux, "Memory Allocation Guide" and kmalloc caches of SLUB, ' +
      'whose records lie outside the slabs and which keeps 5 partial slabs at least. At least 8 objects a slab and 64 KiB at most are choices.',
  },
  {
    id: 'object-cache',
    title: 'Object caches with records and colours',
    values: { ...COMMON, classes: 'powers', slabHeader: 32, objectsMin: 8, emptyKept: 1_000_000, colour: 8 },
    source:
      'Bonwick: "The Slab Allocator: An Object-Caching Kernel Memory Allocator" (USENIX Summer 1994): record at the end of a slab, less than an eighth of a slab unused, ' +
      'colours from what is left over, empty slabs kept until memory is short. A record of 32 bytes and colours in steps of 8 are choices.',
  },
]

export const slab: HeapDefinition = {
  id: 'slab',
  title: 'Slab-like (object caches)',
  summary: 'Rounds a request up to its cache and takes the newest free object of a partly used slab, which is cut into objects of one size.',
  source: 'Like the slab allocators of kernels, written anew from Bonwick (1994): general caches only, one processor. Not the original.',
  parameters,
  profiles,
  defaultProfile: 'kmalloc',
}
