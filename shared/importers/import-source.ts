import type { ByteSource } from '../base/byte-source'
import { HeapscapeError } from '../base/errors'
import type { JobContext } from '../base/job-context'
import { asUtf8 } from '../base/utf8-source'
import type { AnyDocument } from '../model/run'
import type { EventRange, Note, Origin } from '../model/trace'
import { hashTrace } from '../model/trace-hash'
import { cutTrace } from '../model/trace-range'
import { knowsHead } from './archive-members'
import { type Damage, type Unpacked, unpack } from './compression/unpack'
import { HEAD_BYTES, describeRefusals, detectImporter } from './detect'
import { FOREIGN_FORMATS } from './foreign-formats'
import type { ImportOptions } from './importer'

/** Bytes shown of content nobody knows: enough to recognise a magic number. */
const SHOWN_BYTES = 16

/**
 * The one way into the program for a file's content: unpacks (gzip, zstd, xz, bzip2, zip, also nested), turns UTF-16 into
 * UTF-8, finds the importer by content, reads, and gives a trace its hash. A document read from damaged packed data is
 * partial and says so. A snapshot with `memory` reads from `source` also later: the caller closes it when the document is closed.
 *
 * With `options.range` a trace is that part of it.
 *
 * Throws HeapscapeError: `format-unknown`, `format-foreign`, `compression-failed`, `archive-ambiguous`, `member-unknown`,
 * `input-too-large`, `range-invalid`, `cancelled`, and what the importer throws.
 */
export async function importSource(source: ByteSource, options: ImportOptions, job: JobContext): Promise<AnyDocument> {
  const unpacked = await unpack(source, job, options.member === undefined ? { knows: knowsHead } : { knows: knowsHead, member: options.member })
  // A snapshot that shows the bytes behind its blocks reads on; what was unpacked for it goes when the snapshot goes.
  let isKept = false
  try {
    const document = await readContent(unpacked, options, job)
    if (options.range !== undefined) await cutDocument(document, options.range, job)
    if (document.kind === 'trace') document.hash = await hashTrace(document, job)
    isKept = document.kind === 'snapshot' && document.memory !== undefined
    return document
  } finally {
    if (unpacked.source !== source && !isKept) unpacked.source.close()
  }
}

async function readContent({ source, damage, member }: Unpacked, options: ImportOptions, job: JobContext): Promise<AnyDocument> {
  const content = asUtf8(source)
  const importer = detectImporter(content.read(0, HEAD_BYTES))
  if (importer === undefined) throw damage === undefined ? unknownContent(source.read(0, HEAD_BYTES), content.read(0, HEAD_BYTES)) : compressionFailed(damage)
  if (damage !== undefined && options.mode === 'strict') throw compressionFailed(damage)
  try {
    const document = await importer.read(content, options, job)
    if (member !== undefined) document.origin = withNote(document.origin, { code: 'archive-member', count: 1, text: `Read from ${member} of the archive; its other files were left out.` })
    if (damage !== undefined) document.origin = withDamage(document.origin, damage)
    return document
  } catch (error) {
    // What the importer misses was lost in unpacking: say that rather than what came of it.
    const isConsequence = damage !== undefined && error instanceof HeapscapeError && error.code.startsWith('format-')
    if (isConsequence) throw compressionFailed(damage)
    throw error
  }
}

async function cutDocument(document: AnyDocument, range: EventRange, job: JobContext): Promise<void> {
  if (document.kind !== 'trace') throw new HeapscapeError('range-invalid', { expected: 'a trace', got: `a ${document.kind}, which has no events to choose from` })
  await cutTrace(document, range, job)
}

/** Names the tool that content of another trade belongs to, or else everything that was tried. */
function unknownContent(head: Uint8Array, text: Uint8Array): HeapscapeError {
  const latin1 = new TextDecoder('latin1').decode(text)
  const foreign = FOREIGN_FORMATS.find(({ matches }) => matches(latin1))
  if (foreign !== undefined) return new HeapscapeError('format-foreign', { title: foreign.title, opensIn: foreign.opensIn })
  return new HeapscapeError('format-unknown', { head: describeHead(head), tried: describeRefusals() })
}

function compressionFailed(damage: Damage): HeapscapeError {
  return new HeapscapeError('compression-failed', { ...damage })
}

function withDamage(origin: Origin, damage: Damage): Origin {
  const text = `The ${damage.method} data is damaged: ${damage.detail} What could be unpacked before that was read.`
  return { ...withNote(origin, { code: 'compression-damaged', count: 1, text }), partial: true }
}

const withNote = (origin: Origin, note: Note): Origin => ({ ...origin, notes: [...origin.notes, note] })

/** `1f 8b 08 "..."`: hexadecimal, then the printable characters. */
function describeHead(head: Uint8Array): string {
  const shown = [...head.subarray(0, SHOWN_BYTES)]
  if (shown.length === 0) return 'none, the file is empty'
  const hex = shown.map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
  const ascii = shown.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.')).join('')
  return `${hex} "${ascii}"`
}
