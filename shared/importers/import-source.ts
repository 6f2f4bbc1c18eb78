import type { ByteSource } from '../base/byte-source'
import { HeapscapeError } from '../base/errors'
import type { JobContext } from '../base/job-context'
import type { AnyDocument } from '../model/run'
import type { Note, Origin } from '../model/trace'
import { hashTrace } from '../model/trace-hash'
import { type Damage, type Unpacked, unpack } from './compression/unpack'
import { HEAD_BYTES, detectImporter } from './detect'
import type { ImportOptions } from './importer'

/** Bytes shown of content nobody knows: enough to recognise a magic number. */
const SHOWN_BYTES = 16

/**
 * The one way into the program for a file's content: unpacks (gzip, zstd, xz, bzip2, also nested), finds the importer
 * by content, reads, and gives a trace its hash. A document read from damaged packed data is partial and says so.
 * A snapshot with `memory` reads from `source` also later: the caller closes it when the document is closed.
 *
 * Throws HeapscapeError: `format-unknown`, `compression-failed`, `input-too-large`, `cancelled`, and what the importer throws.
 */
export async function importSource(source: ByteSource, options: ImportOptions, job: JobContext): Promise<AnyDocument> {
  const unpacked = await unpack(source, job)
  // A snapshot that shows the bytes behind its blocks reads on; what was unpacked for it goes when the snapshot goes.
  let isKept = false
  try {
    const document = await readContent(unpacked, options, job)
    if (document.kind === 'trace') document.hash = await hashTrace(document, job)
    isKept = document.kind === 'snapshot' && document.memory !== undefined
    return document
  } finally {
    if (unpacked.source !== source && !isKept) unpacked.source.close()
  }
}

async function readContent({ source, damage }: Unpacked, options: ImportOptions, job: JobContext): Promise<AnyDocument> {
  const head = source.read(0, HEAD_BYTES)
  const importer = detectImporter(head)
  if (importer === undefined) {
    throw damage === undefined ? new HeapscapeError('format-unknown', { head: describeHead(head) }) : compressionFailed(damage)
  }
  if (damage !== undefined && options.mode === 'strict') throw compressionFailed(damage)
  try {
    const document = await importer.read(source, options, job)
    if (damage !== undefined) document.origin = withDamage(document.origin, damage)
    return document
  } catch (error) {
    // What the importer misses was lost in unpacking: say that rather than what came of it.
    const isConsequence = damage !== undefined && error instanceof HeapscapeError && error.code.startsWith('format-')
    if (isConsequence) throw compressionFailed(damage)
    throw error
  }
}

function compressionFailed(damage: Damage): HeapscapeError {
  return new HeapscapeError('compression-failed', { ...damage })
}

function withDamage(origin: Origin, damage: Damage): Origin {
  const text = `The ${damage.method} data is damaged: ${damage.detail} What could be unpacked before that was read.`
  const note: Note = { code: 'compression-damaged', count: 1, text }
  return { ...origin, partial: true, notes: [...origin.notes, note] }
}

/** `1f 8b 08 "..."`: hexadecimal, then the printable characters. */
function describeHead(head: Uint8Array): string {
  const shown = [...head.subarray(0, SHOWN_BYTES)]
  if (shown.length === 0) return 'none, the file is empty'
  const hex = shown.map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
  const ascii = shown.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.')).join('')
  return `${hex} "${ascii}"`
}
