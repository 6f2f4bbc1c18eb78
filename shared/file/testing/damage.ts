import { expect } from 'vitest'
import { MemorySource } from '../../base/byte-source'
import { HeapscapeError } from '../../base/errors'
import { quietJob } from '../../base/job-context'
import { mulberry32 } from '../../base/random'
import type { AnyDocument } from '../../model/run'
import { blockChecksums } from '../container/checked-member'
import { readZipDirectory } from '../container/zip-reader'
import { ZipWriter } from '../container/zip-writer'
import { memberName, META_NAME } from '../meta'
import { readOwnFile } from '../read-own-file'
import { writeOwnFile } from '../write-own-file'
import { MemorySink, plain } from './documents'

/** Slowest single opening that still counts as "no hang"; it takes about a millisecond. */
const TIME_LIMIT_MS = 2000
const CODES = ['format-corrupt', 'format-too-new']

export async function written(document: AnyDocument): Promise<Uint8Array> {
  const sink = new MemorySink()
  await writeOwnFile(document, sink, quietJob)
  return sink.bytes()
}

type Outcome = 'error' | 'partial' | 'same'

/** Opens damaged bytes: a coded error, a partial document, or (damage in unread places) the very same document. */
async function outcomeOf(bytes: Uint8Array, original: unknown): Promise<Outcome> {
  const start = performance.now()
  try {
    const document = await readOwnFile(new MemorySource(bytes, 'damaged'), quietJob)
    if (document.origin.partial) {
      expect(document.origin.notes.length).toBeGreaterThan(0)
      return 'partial'
    }
    expect(plain(document)).toEqual(original)
    return 'same'
  } catch (error) {
    if (!(error instanceof HeapscapeError)) throw error
    expect(CODES).toContain(error.code)
    return 'error'
  } finally {
    expect(performance.now() - start).toBeLessThan(TIME_LIMIT_MS)
  }
}

export async function tally(files: Iterable<Uint8Array>, original: unknown): Promise<Record<Outcome, number>> {
  const counts = { error: 0, partial: 0, same: 0 }
  for (const bytes of files) counts[await outcomeOf(bytes, original)]++
  return counts
}

/** The file cut after every `step`-th byte. */
export function* truncations(bytes: Uint8Array, step = 1): Iterable<Uint8Array> {
  for (let length = 0; length < bytes.length; length += step) yield bytes.subarray(0, length)
}

/** Copies with one to three seeded edits each: a bit flipped, a stretch overwritten, a stretch copied elsewhere. */
export function* mutations(bytes: Uint8Array, count: number, seed: number): Iterable<Uint8Array> {
  const random = mulberry32(seed)
  const below = (limit: number): number => Math.floor(random() * limit)
  for (let i = 0; i < count; i++) {
    const copy = bytes.slice()
    const edits = 1 + below(3)
    for (let edit = 0; edit < edits; edit++) {
      const at = below(copy.length)
      if (random() < 0.5) copy[at] = copy[at]! ^ (1 << below(8))
      else if (random() < 0.5) copy.fill(below(256), at, at + 1 + below(64))
      else copy.copyWithin(at, below(copy.length), below(copy.length))
    }
    yield copy
  }
}

/** Copies whose tables are damaged while every checksum comes out right: what a forger writes, not what a disk loses. */
export function* forgeries(bytes: Uint8Array, count: number, seed: number): Iterable<Uint8Array> {
  const random = mulberry32(seed)
  const below = (limit: number): number => Math.floor(random() * limit)
  const members = [...readZipDirectory(new MemorySource(bytes)).members.values()]
  const tables = members.filter(({ name }) => name.endsWith('.parquet'))
  for (let i = 0; i < count; i++) {
    const victim = tables[below(tables.length)]!
    const content = bytes.slice(victim.offset, victim.offset + victim.size)
    for (let edit = 0; edit <= below(3); edit++) {
      // Half of the edits hit the footer, which describes the rest.
      const at = below(2) === 0 ? Math.max(0, content.length - 1 - below(400)) : below(content.length)
      if (below(2) === 0) content[at]! ^= 1 << below(8)
      else content.fill(below(256), at, at + 1 + below(8))
    }
    yield rebuilt(bytes, (name, old) => (name === victim.name ? content : name === META_NAME ? withChecksums(old, victim.name, content) : old))
  }
}

function withChecksums(meta: Uint8Array, member: string, content: Uint8Array): Uint8Array {
  const parsed = JSON.parse(new TextDecoder().decode(meta)) as { tables: { name: string; crc32: number[] }[] }
  const table = parsed.tables.find(({ name }) => memberName(name) === member)!
  table.crc32 = blockChecksums([content])
  return new TextEncoder().encode(JSON.stringify(parsed))
}

/** Rewrites the members of a file; all ZIP checksums come out right. */
export function rebuilt(bytes: Uint8Array, edit: (name: string, content: Uint8Array) => Uint8Array): Uint8Array {
  const sink = new MemorySink()
  const zip = new ZipWriter(sink)
  for (const member of readZipDirectory(new MemorySource(bytes)).members.values()) {
    zip.add(member.name, [edit(member.name, bytes.slice(member.offset, member.offset + member.size))])
  }
  zip.finish()
  return sink.bytes()
}
