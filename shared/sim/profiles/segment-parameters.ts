import type { ParameterDefinition } from './catalog'
import { severalHeaps } from './several-heaps'
import { capacity, reallocMode } from './fit-parameters'

const count = (name: string, title: string, range: readonly [number, number], meaning: string): ParameterDefinition => ({
  name,
  title,
  type: 'integer',
  unit: 'count',
  minimum: range[0],
  maximum: range[1],
  meaning,
})

const bytes = (name: string, title: string, range: readonly [number, number], meaning: string): ParameterDefinition => ({
  ...count(name, title, range, meaning),
  unit: 'bytes',
})

/** Builds whose structures are known well enough to be written as bytes, and 1507, whose page descriptors are not. */
export const SEGMENT_BUILDS = [
  'win10_1507', 'win10_1511', 'win10_1607', 'win10_1703', 'win10_1709', 'win10_1803', 'win10_1809', 'win10_1809_upd', 'win10_1903', 'win10_2004', 'win11_21H2', 'win11_22H2', 'win11_24H2',
] as const

export const segmentParameters: readonly ParameterDefinition[] = [
  { name: 'build', title: 'Windows build', type: 'choice', unit: 'none', choices: SEGMENT_BUILDS, meaning: 'Layout of the structures when the heap is written as bytes; how it places blocks follows from the other figures.' },
  { name: 'bits', title: 'Bits', type: 'choice', unit: 'none', choices: ['64', '32'], meaning: 'Granules of 16 or 8 bytes, and the bucket sizes that go with them.' },
  { name: 'lfh', title: 'Low fragmentation', type: 'boolean', unit: 'none', meaning: 'Whether sizes that are asked for often are served from slots; off, all requests up to the chunk limit are chunks.' },
  count('activeAt', 'Activation, living', [1, 65535], 'A bucket is active from the request on that is this many living blocks of it, itself included.'),
  count('activeAtTotal', 'Activation, requests', [1, 1_000_000], 'A bucket is active from its request of this number on, however few live.'),
  count('affinitySlots', 'Affinity slots', [1, 64], 'Sub-segments a contended bucket fills at one time; a thread uses the one of its number, modulo this.'),
  count('affinityAt', 'Contention count', [1, 1_000_000], 'Changes of thread between requests of a bucket from which on it has all its affinity slots; needs a trace with threads.'),
  bytes('lfhLargest', 'Largest slot request', [0, 16_368], 'Requests up to this many bytes can be served from slots.'),
  bytes('vsLargest', 'Largest chunk request', [16_368, 131_072], 'Requests up to this many bytes that no slot serves are chunks of variable size.'),
  bytes('pageLargest', 'Largest page range', [131_072, 1_040_384], 'Larger requests up to this many bytes are page ranges of segments of 1 MB.'),
  bytes('wideLargest', 'Largest wide range', [0, 16_711_680], 'Still larger ones up to this many bytes are ranges of 64 KB units in segments of 16 MB; 0: there are none. What is larger gets a reservation of its own.'),
  bytes('padding', 'Padding', [0, 64], 'Bytes added to every request before anything else.'),
  { name: 'guardPages', title: 'Guard pages', type: 'boolean', unit: 'none', meaning: 'Whether sub-segments from 64 KB on and large blocks end with a reserved page.' },
  count('keepPages', 'Pages kept', [0, 65536], 'Committed pages that free ranges of a context keep at least; a range freed beyond is decommitted.'),
  count('keepShift', 'Share kept', [0, 31], 'The same as a share: committed pages of the context, shifted right by this; the larger of both counts.'),
  count('vsDecommitPages', 'Pages freed inside chunks', [1, 65], 'Whole free pages inside a freed chunk from which on they are decommitted.'),
  count('baseSpread', 'Base randomisation', [1, 1024], 'The heap begins at one of this many multiples of 64 KB, by the seed.'),
  count('seed', 'Seed', [0, 2 ** 31 - 1], 'Of the draws of slots and of the base; same seed, same run.'),
  ...severalHeaps,
  reallocMode,
  capacity,
]
