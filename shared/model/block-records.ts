import { PAGE_BYTES, UNKNOWN_SIZE } from '../base/units'
import { CONFIDENCES } from './confidence'
import { ListedBlocks } from './listed-blocks'
import { RegionTable } from './region-table'
import { BLOCK_COVERAGES, BlockKind, BlockState, type BlockCoverage, Snapshot } from './snapshot'
import type { Note, Origin } from './trace'

/*
 * Blocks as anybody's own program lists them, under the names it likes:
 *
 *   address,size,requested,state,heap,site          Addr;Bytes;Zone            { "ptr": "0x5600", "length": 64 }
 *   0x5600,64,48,busy,main,reader.c:62              0x5600;64;default
 */
const NAMES = {
  address: ['address', 'addr', 'ptr', 'pointer', 'start', 'base', 'userptr', 'blockaddress'],
  size: ['size', 'bytes', 'length', 'consumed', 'sizebytes', 'blocksize', 'allocsize', 'usable', 'usablesize'],
  requested: ['requested', 'requestedsize', 'requestedbytes', 'usersize', 'request', 'wanted'],
  end: ['end', 'endaddress', 'limit'],
  state: ['state', 'status'],
  heap: ['heap', 'heapname', 'heapid', 'heaphandle', 'arena', 'zone', 'pool', 'allocator'],
  site: ['site', 'callsite', 'stack', 'callstack', 'function', 'tag', 'caller'],
} as const
export type BlockField = keyof typeof NAMES
const FIELDS = Object.keys(NAMES) as readonly BlockField[]

export interface BlockColumn {
  readonly field: BlockField
  /** The name ends in "hex": its numbers are hexadecimal without a prefix. */
  readonly isHex: boolean
}

/** The field a column or key of this name is; letter case, blanks and marks do not matter. undefined: another thing. */
export function blockColumnOf(name: string): BlockColumn | undefined {
  const plain = name.toLowerCase().replace(/[^a-z]/g, '')
  const isHex = plain.length > 3 && plain.endsWith('hex')
  const bare = isHex ? plain.slice(0, -3) : plain
  const field = FIELDS.find((candidate) => (NAMES[candidate] as readonly string[]).includes(bare))
  return field === undefined ? undefined : { field, isHex }
}

/** Whether columns of these fields are blocks: an address, and how long it is. */
export const areBlocks = (fields: readonly (BlockField | undefined)[]): boolean =>
  fields.includes('address') && (fields.includes('size') || fields.includes('requested') || fields.includes('end'))

const STATES: Readonly<Record<string, BlockState>> = {
  busy: BlockState.Busy, used: BlockState.Busy, allocated: BlockState.Busy, alloc: BlockState.Busy, live: BlockState.Busy, inuse: BlockState.Busy, 'in use': BlockState.Busy,
  free: BlockState.Free, freed: BlockState.Free, available: BlockState.Free,
  cached: BlockState.Cached, internal: BlockState.Internal, overhead: BlockState.Internal, metadata: BlockState.Internal,
  uncommitted: BlockState.Uncommitted, reserved: BlockState.Uncommitted,
}

/** A whole number from text: decimal, or hexadecimal after 0x, with a backtick, or where the column says so; undefined when it is none. */
export function wholeNumber(text: string, isHex: boolean): number | undefined {
  const plain = text.replace(/[`_]/g, '')
  const prefixed = /^0x([0-9a-f]+)$/i.exec(plain)
  const digits = prefixed?.[1] ?? plain
  const hex = isHex || prefixed !== null || text.includes('`')
  if (!(hex ? /^[0-9a-f]+$/i : /^\d+$/).test(digits)) return undefined
  const value = Number.parseInt(digits, hex ? 16 : 10)
  return value <= Number.MAX_SAFE_INTEGER ? value : undefined
}

/** A value that cannot be used: its field, what was expected, and what stood there. */
export interface BadValue {
  readonly field: BlockField
  readonly expected: string
  readonly got: string
}

export type BlockValues = Readonly<Partial<Record<BlockField, string>>>

const INFERRED = CONFIDENCES.indexOf('inferred')
const MOST_HEAPS = 65_535

/** Takes rows of blocks and makes a snapshot of them. */
export class BlockRecords {
  readonly #blocks = new ListedBlocks()
  readonly #heaps = new Map<string, number>()
  readonly #bases: number[] = []
  readonly #sites = new Map<string, number>()
  #hasFree = false
  #tooSmall = 0

  get length(): number {
    return this.#blocks.length
  }

  /** Adds a row; the value that makes it unusable, if one does. An empty text is a value that is not given. */
  add(values: BlockValues, hex: ReadonlySet<BlockField>): BadValue | undefined {
    const numbers: Partial<Record<BlockField, number>> = {}
    for (const field of ['address', 'size', 'requested', 'end'] as const) {
      const text = values[field]
      if (text === undefined || text === '') continue
      const value = wholeNumber(text, hex.has(field))
      if (value === undefined) return { field, expected: 'a whole number, decimal or 0x hexadecimal', got: text }
      numbers[field] = value
    }
    const stateText = (values.state ?? '').toLowerCase()
    const state = stateText === '' ? BlockState.Busy : STATES[stateText]
    if (state === undefined) return { field: 'state', expected: `one of ${Object.keys(STATES).join(', ')}`, got: stateText }
    const { address, requested } = numbers
    if (address === undefined) return { field: 'address', expected: 'an address', got: 'nothing' }
    const size = numbers.size ?? (numbers.end === undefined ? requested : numbers.end - address)
    if (size === undefined || !(size > 0) || address + size > Number.MAX_SAFE_INTEGER) return { field: 'size', expected: 'a size above 0', got: size === undefined ? 'nothing' : String(size) }
    const heap = this.#heapOf(values.heap ?? '', address)
    if (heap === undefined) return { field: 'heap', expected: `at most ${MOST_HEAPS} heaps`, got: 'one more' }
    if (requested !== undefined && requested > size) this.#tooSmall++
    const wanted = requested === undefined || requested > size ? UNKNOWN_SIZE : requested
    if (state === BlockState.Free || state === BlockState.Cached) this.#hasFree = true
    this.#blocks.push(heap, address, size, state === BlockState.Busy ? wanted : 0, state, state === BlockState.Uncommitted ? BlockKind.Uncommitted : BlockKind.BackEnd, INFERRED, this.#siteOf(values.site ?? ''))
    return undefined
  }

  /**
   * `coverage` as the file states it; else `all` when free blocks are listed and nothing lies between the blocks, `busy` otherwise.
   * Regions are unknown.
   */
  finish(origin: Origin, coverage: BlockCoverage | undefined): Snapshot {
    const { blocks, segments, opaqueBytes, overlapping } = this.#blocks.tile()
    const found: BlockCoverage = this.#hasFree && opaqueBytes === 0 ? 'all' : 'busy'
    const notes: Note[] = [...origin.notes]
    if (overlapping > 0) notes.push({ code: 'overlapping-block', count: overlapping, text: 'Blocks that begin inside another were left out.' })
    if (this.#tooSmall > 0) notes.push({ code: 'requested-above-size', count: this.#tooSmall, text: 'More bytes are requested than the block has: the request is taken for unknown.' })
    const end = blocks.length === 0 ? 0 : blocks.address.at(blocks.length - 1) + blocks.size.at(blocks.length - 1)
    return new Snapshot({
      origin: { ...origin, notes },
      pageBytes: PAGE_BYTES,
      addressSpace: { low: 0, high: end <= 2 ** 32 ? 2 ** 32 : end <= 2 ** 47 ? 2 ** 47 : Number.MAX_SAFE_INTEGER },
      heaps: [...this.#heaps].map(([name, index]) => ({ id: index + 1, name: name === '' ? 'heap' : name, flavour: 'listed', base: this.#bases[index]!, headerBytes: 0, granularity: 1, confidence: 'inferred' })),
      segments,
      owners: [],
      regions: new RegionTable(),
      blocks,
      coverage: coverage === undefined ? found : coverage === 'all' && opaqueBytes > 0 ? 'busy' : coverage,
      event: undefined,
      siteNames: [...this.#sites.keys()],
    })
  }

  #heapOf(name: string, address: number): number | undefined {
    const known = this.#heaps.get(name)
    if (known === undefined && this.#heaps.size >= MOST_HEAPS) return undefined
    const index = known ?? this.#heaps.size
    if (known === undefined) this.#heaps.set(name, index)
    this.#bases[index] = Math.min(this.#bases[index] ?? address, address)
    return index
  }

  #siteOf(name: string): number {
    if (name === '') return -1
    const index = this.#sites.get(name) ?? this.#sites.size
    this.#sites.set(name, index)
    return index
  }
}

/** A word of BLOCK_COVERAGES a list of blocks may state; `none` is no list. */
export const coverageOf = (text: string): BlockCoverage | undefined => BLOCK_COVERAGES.find((coverage) => coverage !== 'none' && coverage === text.toLowerCase())
