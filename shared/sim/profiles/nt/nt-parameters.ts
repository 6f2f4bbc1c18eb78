import type { ParameterDefinition } from '../catalog'
import { severalHeaps } from '../several-heaps'
import { capacity } from '../fit-parameters'

type Unit = 'bytes' | 'count'

const integer = (unit: Unit, name: string, title: string, [minimum, maximum]: readonly [number, number], meaning: string): ParameterDefinition => ({
  name,
  title,
  type: 'integer',
  unit,
  minimum,
  maximum,
  meaning,
})
const bytes = (name: string, title: string, range: readonly [number, number], meaning: string): ParameterDefinition => integer('bytes', name, title, range, meaning)
const count = (name: string, title: string, range: readonly [number, number], meaning: string): ParameterDefinition => integer('count', name, title, range, meaning)
const yesNo = (name: string, title: string, meaning: string): ParameterDefinition => ({ name, title, type: 'boolean', unit: 'none', meaning })

const MEBIBYTE = 2 ** 20
const GIBIBYTE = 2 ** 30

/** Parameters of the back end, which both NT heaps share. */
const backEndParameters: readonly ParameterDefinition[] = [
  bytes('granule', 'Granule', [8, 16], 'Unit of block sizes: 8 in 32-bit processes, 16 in 64-bit ones. A block of u units has room for 8 bytes less.'),
  bytes('heapHeader', 'Heap header', [64, 32768], 'Bytes from the start of the heap to its first block; rounded up to the granule.'),
  bytes('segmentHeader', 'Segment header', [32, 4000], 'Bytes from the start of a later segment to its first block.'),
  bytes('marker', 'Range descriptor', [0, 256], 'Block at the end of each committed run, which describes the uncommitted range behind it since Windows Vista; 0 when there is none.'),
  bytes('reserve', 'Reserve', [65536, GIBIBYTE], 'Address range reserved when the heap is created.'),
  bytes('spare', 'Unused end', [0, 65536], 'Bytes at the end of the first reservation that the heap does not use.'),
  bytes('commit', 'Initial commit', [4096, GIBIBYTE], 'Bytes committed when the heap is created, in whole pages.'),
  bytes('segmentReserve', 'Segment reserve', [65536, GIBIBYTE], 'Least size of the second segment; each further one is twice as large.'),
  bytes('segmentLimit', 'Largest segment reserve', [65536, GIBIBYTE], 'Size at which the doubling of segments ends.'),
  bytes('commitStep', 'Commit step', [4096, 0x40000], 'Least bytes committed when the heap needs more, in whole pages.'),
  count('maxSegments', 'Most segments', [0, 65536], 'A request that would need a further segment fails; 0 is no limit.'),
  yesNo('growable', 'Growable', 'False: the heap has its first reservation only, no blocks of their own reservations, and no front end.'),
  yesNo('serialized', 'Serialized', 'False, as with HEAP_NO_SERIALIZE: the heap has no front end.'),
  yesNo('mergeFreed', 'Merge freed blocks', 'False, as with HEAP_DISABLE_COALESCE_ON_FREE: a freed block stays apart from its free neighbours.'),
  bytes('maximumAllocation', 'Largest request', [65536, 2 ** 47], 'Larger requests fail.'),
  bytes('virtualThreshold', 'Largest block', [65536, 0xff000], 'Larger blocks get a reservation of their own; in whole pages.'),
  bytes('virtualHeader', 'Header of large blocks', [8, 4096], 'Bytes before the data of a block with its own reservation.'),
  bytes('decommitBlock', 'Decommit threshold of a block', [4096, GIBIBYTE], 'A free block of at least this size may have its pages decommitted.'),
  bytes('decommitTotal', 'Decommit threshold in total', [0, GIBIBYTE], 'It is decommitted when the free blocks have at least this many bytes with it.'),
  yesNo('releaseSegments', 'Release empty segments', 'When a free block that is to be decommitted is all there is in a segment other than the first, the segment is released.'),
  ...severalHeaps,
  capacity,
]

export const ntXpParameters: readonly ParameterDefinition[] = [
  ...backEndParameters,
  count('lookasideDepth', 'Look-aside depth', [0, 256], 'Most blocks of a look-aside list at first; 0: no lists.'),
  count('lookasideMaximum', 'Largest look-aside depth', [1, 256], 'Most blocks a list may come to hold.'),
  bytes('lookasideLargest', 'Largest look-aside block', [0, 4096], 'Largest block that has a look-aside list, header included.'),
  count('lookasideAdjust', 'Look-aside adjustment', [0, 1_000_000], 'Allocations of a size after which the depth of its list is adjusted to its misses; 0: never.'),
]

export const ntLfhParameters: readonly ParameterDefinition[] = [
  ...backEndParameters,
  yesNo('lfh', 'Low-fragmentation heap', 'Whether sizes asked for often move to the low-fragmentation front end.'),
  count('armAt', 'Activation by living blocks', [0, 1_000_000], 'A size is scheduled for the front end by the allocation that makes more than this many alive.'),
  count('armTotal', 'Activation by all blocks', [0, 1_000_000], 'A size is scheduled by this many allocations in all, alive or not; 0: never.'),
  { name: 'lfhOrder', title: 'Order of slots', type: 'choice', unit: 'none', choices: ['lifo', 'random'], meaning: 'lifo: the slot freed last, at first by address; random: the next free slot behind a random one.' },
  count('seed', 'Seed', [0, 0xffffffff], 'Where the random order of slots begins; the same seed gives the same run.'),
  count('affinitySlots', 'Affinity slots', [1, 256], 'Active sub-segments of a bucket; a thread uses the one of its number modulo this. 1 without contention.'),
  count('lfhLeast', 'Least slots', [0, 1024], 'Slots a sub-segment has at the least; 0: 16 or 8 in the first of a bucket, 32 or 16 in later ones, as from Windows 8 on.'),
  count('lfhCache', 'Cached containers', [0, 4096], 'Containers of each size whose slots are all free that are kept for reuse.'),
  bytes('lfhBitmapAt', 'Bitmap offset', [0, 256], 'Place of the bitmap in the header of a container; 0: there is none.'),
  bytes('lfhHeader', 'Container header', [0, 256], 'Header of a container without a bitmap.'),
  bytes('lfhStructure', 'Front-end structure', [4096, MEBIBYTE], 'Bytes of the structure of the front end, made with it.'),
  bytes('lfhCommit', 'Front-end commit', [0, MEBIBYTE], 'Bytes of it committed in a reservation of its own; 0: it is a block of the heap.'),
  bytes('lfhZone', 'Zone', [256, 65536], 'Block that describes sub-segments.'),
  bytes('lfhZoneHeader', 'Zone header', [0, 128], 'Its header.'),
  bytes('lfhSubSegment', 'Sub-segment structure', [16, 256], 'Description of one sub-segment in a zone.'),
]
