import type { ParameterDefinition } from './catalog'

/** The user half of a 32-bit address space, in bytes: 0x10000 up to 0x7FFEFFFF. */
export const SPACE_BYTES_32 = 0x7ffe0000
/** The user half of a 64-bit address space less the lowest and the highest 64 KiB. */
export const SPACE_BYTES_64 = 2 ** 47 - 2 * 0x10000

export const bytes = (name: string, title: string, range: readonly [number, number], meaning: string): ParameterDefinition => ({
  name,
  title,
  type: 'integer',
  unit: 'bytes',
  minimum: range[0],
  maximum: range[1],
  meaning,
})

export const GIBIBYTE = 2 ** 30

export const capacity = bytes(
  'capacity',
  'Capacity',
  [1, SPACE_BYTES_64],
  'Most bytes the heap may hold; a request beyond it fails. Above 2 GiB the simulated address space becomes a 64-bit one.',
)

export const reallocMode: ParameterDefinition = {
  name: 'realloc',
  title: 'Reallocation',
  type: 'choice',
  unit: 'none',
  choices: ['copy', 'in-place-forward'],
  meaning: 'copy always allocates, copies and frees; in-place-forward first tries to resize where the block is: within its size class, or into the free space behind it.',
}

const fitReallocMode: ParameterDefinition = {
  ...reallocMode,
  choices: ['copy', 'in-block', 'in-place-forward'],
  meaning: 'copy always allocates, copies and frees; in-block leaves a block where it is while the new size fits in; in-place-forward also takes in free space behind it.',
}

export const header = bytes('header', 'Header', [0, 4096], 'Bytes of header and trailer inside every busy block.')

/** Parameters of every heap that splits and merges blocks over one program break. */
export const fitParameters: readonly ParameterDefinition[] = [
  header,
  bytes('align', 'Alignment', [1, 4096], 'Blocks start at, and are sized in, multiples of this power of two.'),
  bytes('minBlock', 'Smallest block', [1, 65536], 'Least consumed bytes of a block; rounded up to the alignment.'),
  bytes('splitMin', 'Smallest remainder', [0, GIBIBYTE], 'A remainder smaller than this stays inside the block that is handed out; 0 means the smallest block.'),
  bytes('base', 'Prologue', [0, GIBIBYTE], 'Bytes the heap keeps for itself before the first block; rounded up to the alignment.'),
  bytes('initial', 'Initial memory', [0, SPACE_BYTES_64], 'Free bytes the heap starts with.'),
  bytes('chunk', 'Growth step', [1, GIBIBYTE], 'Least bytes asked for when the heap grows.'),
  {
    name: 'growExact',
    title: 'Exact growth',
    type: 'boolean',
    unit: 'none',
    meaning: 'When the last block is free, ask only for what it lacks.',
  },
  {
    name: 'coalesce',
    title: 'Merging',
    type: 'choice',
    unit: 'none',
    choices: ['immediate', 'deferred', 'never'],
    meaning: 'When free neighbours become one block: at each free, after a number of frees or a failed search, or never.',
  },
  {
    name: 'deferCount',
    title: 'Frees before merging',
    type: 'integer',
    unit: 'count',
    minimum: 1,
    maximum: 1_000_000,
    meaning: 'With deferred merging: frees that gather before all waiting blocks are merged.',
  },
  fitReallocMode,
  capacity,
  bytes('trim', 'Trim threshold', [0, SPACE_BYTES_64], 'A free last block of at least this size is given back to the system; 0 never does.'),
]

export const segregatedParameters: readonly ParameterDefinition[] = [
  ...fitParameters,
  { name: 'lists', title: 'Lists', type: 'integer', unit: 'count', minimum: 1, maximum: 4096, meaning: 'Number of size classes; the last one takes all larger blocks.' },
  { name: 'spacing', title: 'Classes per power of two', type: 'integer', unit: 'count', minimum: 1, maximum: 64, meaning: 'Size classes between one power of two and the next.' },
]

export const tlsfParameters: readonly ParameterDefinition[] = [
  ...fitParameters,
  { name: 'slLog', title: 'Second level', type: 'integer', unit: 'count', minimum: 1, maximum: 8, meaning: 'Binary logarithm of the size classes per power of two.' },
  bytes('small', 'Linear range', [2, 65536], 'Below this power of two all size classes have equal width; at least 2 to the power of the second level.'),
  {
    name: 'roundRequest',
    title: 'Round requests',
    type: 'boolean',
    unit: 'none',
    meaning: 'True: a block is as large as its size class, as in the paper. False: only the search is rounded up and the block is trimmed.',
  },
]

export const buddyParameters: readonly ParameterDefinition[] = [
  header,
  { name: 'minOrder', title: 'Smallest order', type: 'integer', unit: 'count', minimum: 0, maximum: 20, meaning: 'Binary logarithm of the smallest block in bytes.' },
  reallocMode,
  capacity,
]

export const simpleSegregatedParameters: readonly ParameterDefinition[] = [
  header,
  bytes('minBlock', 'Smallest class', [1, 4096], 'Block size of the smallest class, a power of two.'),
  bytes('pageBytes', 'Page', [64, 4 * 1024 * 1024], 'Memory one class takes at a time, a power of two.'),
  { name: 'spacing', title: 'Classes per power of two', type: 'integer', unit: 'count', minimum: 1, maximum: 16, meaning: 'Size classes between one power of two and the next; a power of two, at most the smallest class.' },
  reallocMode,
  capacity,
]

export const kathParameters: readonly ParameterDefinition[] = [
  bytes('granule', 'Granule', [8, 64], 'Size of the header and of the steps the data is rounded up to; a power of two.'),
  bytes('tail', 'Added bytes', [0, 64], 'Bytes added to a request before it is rounded up; the article fixes only that it lies between 3 and 13.'),
  bytes('reserve', 'Reserve', [4096, GIBIBYTE], 'Address range reserved at the start and, at least, whenever the heap needs another one.'),
  bytes('commit', 'Initial commit', [0, GIBIBYTE], 'Bytes committed at the start, in whole pages.'),
  reallocMode,
  capacity,
]

/** Back end of the two front-end models. */
const backEndParameters: readonly ParameterDefinition[] = [
  header,
  ...fitParameters.filter(({ name }) => ['align', 'minBlock', 'splitMin', 'base'].includes(name)),
  capacity,
]

export const lookasideParameters: readonly ParameterDefinition[] = [
  ...backEndParameters,
  { name: 'depth', title: 'Depth', type: 'integer', unit: 'count', minimum: 0, maximum: 65536, meaning: 'Most blocks a list keeps; a block freed beyond it goes to the back end. 0: no lists.' },
  bytes('largest', 'Largest cached size', [0, 65536], 'Largest consumed size that has a list.'),
]

export const lfhParameters: readonly ParameterDefinition[] = [
  ...backEndParameters,
  { name: 'armAt', title: 'Activation count', type: 'integer', unit: 'count', minimum: 0, maximum: 1_000_000, meaning: 'Allocations of one size from the back end that arm its bucket.' },
  {
    name: 'creationDelay',
    title: 'Creation delay',
    type: 'integer',
    unit: 'count',
    minimum: 0,
    maximum: 1_000_000,
    meaning: 'Allocations of armed sizes that still come from the back end until the front end exists.',
  },
  bytes('largest', 'Largest bucket', [0, 65536], 'Largest consumed size that has a bucket.'),
  { name: 'slots', title: 'Slots', type: 'integer', unit: 'count', minimum: 1, maximum: 4096, meaning: 'Blocks of one size in a sub-segment.' },
]
