import type { ByteSource } from '../../base/byte-source'
import { HeapscapeError } from '../../base/errors'
import type { JobContext } from '../../base/job-context'
import { bzip2Method } from './bzip2'
import { ChunkStore } from './chunk-store'
import { gzipMethod } from './gzip'
import { type CompressionMethod, DamagedStream } from './method'
import { xzMethod } from './xz'
import { type ArchiveMember, looksLikeZip, readZipMembers, unpackZipMember, zipMemberHead } from './zip'
import { zstdMethod } from './zstd'

const METHODS: readonly CompressionMethod[] = [gzipMethod, zstdMethod, xzMethod, bzip2Method]
const MAGIC_BYTES = 16
/** Nobody packs more often; a file that does is made to exhaust the reader. */
const MAX_LAYERS = 4
/** Files of an archive that a message names. */
const SHOWN_MEMBERS = 20
/** About 50 M events of the wordiest format we read; a file above it would not fit the memory as a trace either. */
export const MAX_UNPACKED_BYTES = 4 * 1024 ** 3

export interface Damage {
  /** The compression method, for instance `zstd`. */
  readonly method: string
  readonly detail: string
}

export interface Unpacked {
  /** The innermost content; the given source itself when it is not packed. */
  readonly source: ByteSource
  /** Compression methods from the outside in; [] when not packed. */
  readonly methods: readonly string[]
  /** Set when a layer was cut or damaged: `source` holds what came before that. */
  readonly damage?: Damage
  /** Set when the content came out of an archive of several files: its name in there. */
  readonly member?: string
}

export interface UnpackOptions {
  /** Per layer. */
  readonly limitBytes?: number
  /** Content that is to be left as it is, by its first bytes: also says which files of an archive are worth opening. */
  readonly knows?: (head: Uint8Array) => boolean
  /** File to take out of an archive of several. */
  readonly member?: string
}

/** Bytes of content that `knows` gets to see. */
const HEAD_BYTES = 4096

/**
 * Unpacks by magic number, layer by layer. Throws `compression-failed` when nothing could be unpacked or there are
 * more than 4 layers, `input-too-large` above `limitBytes` per layer, `archive-ambiguous`, `member-unknown`, `cancelled`.
 */
export async function unpack(source: ByteSource, job: JobContext, options: UnpackOptions = {}): Promise<Unpacked> {
  const { limitBytes = MAX_UNPACKED_BYTES, knows = () => false } = options
  const methods: string[] = []
  let damage: Damage | undefined
  let member: string | undefined
  let content = source
  for (let layer = layerOf(content); layer !== undefined && !knows(content.read(0, HEAD_BYTES)); layer = layerOf(content)) {
    if (methods.length === MAX_LAYERS) {
      throw new HeapscapeError('compression-failed', { method: layer, detail: `it is packed more than ${MAX_LAYERS} times.` })
    }
    methods.push(layer)
    const unpacked = layer === 'zip' ? await unpackArchive(content, knows, options.member, job, limitBytes) : await unpackLayer(content, layer, job, limitBytes)
    if (content !== source) content.close()
    content = unpacked.store
    damage ??= unpacked.damage
    member ??= unpacked.member
  }
  return { source: content, methods, ...(damage === undefined ? {} : { damage }), ...(member === undefined ? {} : { member }) }
}

/** Method of the outermost packing. */
function layerOf(source: ByteSource): string | undefined {
  const head = source.read(0, MAGIC_BYTES)
  return looksLikeZip(head) ? 'zip' : METHODS.find((method) => method.matches(head))?.id
}

interface Layer {
  readonly store: ChunkStore
  readonly damage: Damage | undefined
  readonly member?: string
}

function unpackLayer(packed: ByteSource, id: string, job: JobContext, limitBytes: number): Promise<Layer> {
  const method = METHODS.find((candidate) => candidate.id === id)!
  return filled(packed.name, id, limitBytes, (store) => method.unpack(packed, store, job))
}

/** Content that begins so would be unpacked. */
export const isPackedHead = (head: Uint8Array): boolean => looksLikeZip(head) || METHODS.some((method) => method.matches(head))

/**
 * Visits the files of a zip archive with their unpacked sizes and first bytes; [] when the source is none.
 * @throws HeapscapeError `compression-failed`
 */
export function readArchive<T>(source: ByteSource, visit: (name: string, bytes: number, head: Uint8Array) => T): readonly T[] {
  if (!looksLikeZip(source.read(0, MAGIC_BYTES))) return []
  return undamaged('zip', () => readZipMembers(source).map((member) => visit(member.name, member.bytes, zipMemberHead(source, member, HEAD_BYTES))))
}

async function unpackArchive(packed: ByteSource, knows: (head: Uint8Array) => boolean, wanted: string | undefined, job: JobContext, limitBytes: number): Promise<Layer> {
  const members = undamaged('zip', () => readZipMembers(packed))
  const member = undamaged('zip', () => chooseMember(packed, members, wanted, (head) => knows(head) || isPackedHead(head)))
  const layer = await filled(packed.name, 'zip', limitBytes, (store) => unpackZipMember(packed, member, store, job))
  return members.length > 1 ? { ...layer, member: member.name } : layer
}

/** The one that is asked for, the only one, or the only one of a known kind. */
function chooseMember(packed: ByteSource, members: readonly ArchiveMember[], wanted: string | undefined, knows: (head: Uint8Array) => boolean): ArchiveMember {
  const names = (list: readonly ArchiveMember[]): string => list.slice(0, SHOWN_MEMBERS).map(({ name }) => name).join(', ') + (list.length > SHOWN_MEMBERS ? ', ...' : '')
  if (wanted !== undefined) {
    const found = members.find(({ name }) => name === wanted)
    if (found === undefined) throw new HeapscapeError('member-unknown', { got: wanted, expected: names(members) })
    return found
  }
  if (members.length === 1) return members[0]!
  const known = members.filter((member) => knows(zipMemberHead(packed, member, HEAD_BYTES)))
  if (known.length === 1) return known[0]!
  if (known.length === 0) throw new HeapscapeError('member-unknown', { got: 'one of a known format', expected: names(members) })
  throw new HeapscapeError('archive-ambiguous', { count: known.length, members: names(known) })
}

function undamaged<T>(method: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof DamagedStream)) throw error
    throw new HeapscapeError('compression-failed', { method, detail: `${error.message}.` })
  }
}

async function filled(name: string, id: string, limitBytes: number, fill: (store: ChunkStore) => Promise<void>): Promise<Layer> {
  const store = new ChunkStore(name, limitBytes)
  try {
    await fill(store)
    return { store, damage: undefined }
  } catch (error) {
    if (!(error instanceof DamagedStream)) throw error
    const damage = { method: id, detail: `${error.message}.` }
    if (store.size === 0) throw new HeapscapeError('compression-failed', { ...damage })
    return { store, damage }
  }
}
