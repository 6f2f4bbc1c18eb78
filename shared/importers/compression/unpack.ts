import type { ByteSource } from '../../base/byte-source'
import { HeapscapeError } from '../../base/errors'
import type { JobContext } from '../../base/job-context'
import { bzip2Method } from './bzip2'
import { ChunkStore } from './chunk-store'
import { gzipMethod } from './gzip'
import { type CompressionMethod, DamagedStream } from './method'
import { xzMethod } from './xz'
import { zstdMethod } from './zstd'

const METHODS: readonly CompressionMethod[] = [gzipMethod, zstdMethod, xzMethod, bzip2Method]
const MAGIC_BYTES = 16
/** Nobody packs more often; a file that does is made to exhaust the reader. */
const MAX_LAYERS = 4
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
}

/**
 * Unpacks by magic number, layer by layer. Throws `compression-failed` when nothing could be unpacked or there are
 * more than 4 layers, `input-too-large` above `limitBytes` per layer, `cancelled`.
 */
export async function unpack(source: ByteSource, job: JobContext, limitBytes = MAX_UNPACKED_BYTES): Promise<Unpacked> {
  const methods: string[] = []
  let damage: Damage | undefined
  let content = source
  for (let method = methodOf(content); method !== undefined; method = methodOf(content)) {
    if (methods.length === MAX_LAYERS) {
      throw new HeapscapeError('compression-failed', { method: method.id, detail: `it is packed more than ${MAX_LAYERS} times.` })
    }
    methods.push(method.id)
    const layer = await unpackLayer(content, method, job, limitBytes)
    if (content !== source) content.close()
    content = layer.store
    damage ??= layer.damage
  }
  return damage === undefined ? { source: content, methods } : { source: content, methods, damage }
}

function methodOf(source: ByteSource): CompressionMethod | undefined {
  const head = source.read(0, MAGIC_BYTES)
  return METHODS.find((method) => method.matches(head))
}

interface Layer {
  readonly store: ChunkStore
  readonly damage: Damage | undefined
}

async function unpackLayer(packed: ByteSource, method: CompressionMethod, job: JobContext, limitBytes: number): Promise<Layer> {
  const store = new ChunkStore(packed.name, limitBytes)
  try {
    await method.unpack(packed, store, job)
    return { store, damage: undefined }
  } catch (error) {
    if (!(error instanceof DamagedStream)) throw error
    const damage = { method: method.id, detail: `${error.message}.` }
    if (store.size === 0) throw new HeapscapeError('compression-failed', { ...damage })
    return { store, damage }
  }
}
