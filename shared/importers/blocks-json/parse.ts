import type { ByteSource } from '../../base/byte-source'
import { HeapscapeError } from '../../base/errors'
import type { JobContext } from '../../base/job-context'
import { areBlocks, blockColumnOf, type BlockField, BlockRecords, coverageOf } from '../../model/block-records'
import type { BlockCoverage, Snapshot } from '../../model/snapshot'
import type { Note } from '../../model/trace'
import type { ImportOptions } from '../importer'
import { type FoundObject, ObjectList } from './object-list'

const PIECE_BYTES = 256 * 1024
const NO_HEX: ReadonlySet<BlockField> = new Set()

const fieldsOf = (object: object): (BlockField | undefined)[] => Object.keys(object).map((key) => blockColumnOf(key)?.field)

export function looksLikeJsonBlocks(head: Uint8Array): boolean {
  const text = new TextDecoder().decode(head)
  if (!/^\s*(?:\[|\{[^[]*"blocks"\s*:\s*\[)/.test(text)) return false
  const first: FoundObject[] = []
  new ObjectList().take(text, (object) => first.push(object))
  const object = first[0] === undefined ? undefined : objectOf(first[0].text)
  return object !== undefined && areBlocks(fieldsOf(object))
}

/** Reads a list of blocks, one object each. Throws format-malformed with line and column, `cancelled`. */
export async function parseJsonBlocks(source: ByteSource, options: ImportOptions, job: JobContext): Promise<Snapshot> {
  const reader = new JsonBlocksReader(source.name, options.mode === 'strict')
  const decoder = new TextDecoder()
  for (let at = 0; at < source.size; at += PIECE_BYTES) {
    // Decoded in one stream: a character may lie across two pieces.
    reader.take(decoder.decode(source.read(at, PIECE_BYTES), { stream: true }))
    job.progress({ done: Math.min(source.size, at + PIECE_BYTES), total: source.size, unit: 'bytes' })
    await job.checkpoint()
  }
  return reader.finish()
}

class JsonBlocksReader {
  readonly #file: string
  readonly #strict: boolean
  readonly #records = new BlockRecords()
  readonly #list = new ObjectList()
  #skipped: { count: number; firstLine: number; text: string } | undefined
  #isBroken = false

  constructor(file: string, strict: boolean) {
    this.#file = file
    this.#strict = strict
  }

  take(text: string): void {
    if (this.#isBroken) return
    if (this.#list.take(text, (object) => this.#read(object))) return
    const { line, column } = this.#list
    if (this.#strict) throw new HeapscapeError('format-malformed', { expected: 'a JSON object of a block', got: 'something else', column }, { line })
    this.#isBroken = true
  }

  finish(): Snapshot {
    const { line, column, isClosed } = this.#list
    const skipped = this.#skipped
    if (this.#strict && !isClosed) throw new HeapscapeError('format-truncated', { expected: 'the end of the list', got: 'the end of the file', column }, { line })
    if (this.#records.length === 0) throw new HeapscapeError('format-malformed', { expected: 'a list of blocks', got: skipped?.text ?? 'an empty one' }, { line: skipped?.firstLine ?? line })
    const notes: Note[] = []
    if (skipped !== undefined) notes.push({ code: 'unreadable-row', count: skipped.count, firstLine: skipped.firstLine, text: `Objects that make no sense were skipped. The first: ${skipped.text}.` })
    if (this.#isBroken) notes.push({ code: 'unreadable-rest', count: 1, firstLine: line, text: 'What follows is no JSON list of blocks and was not read.' })
    else if (!isClosed) notes.push({ code: 'cut-list', count: 1, firstLine: line, text: 'The list is cut.' })
    return this.#records.finish({ file: this.#file, format: 'blocks-json', partial: !isClosed, notes }, this.#coverage())
  }

  #read({ text, line, column }: FoundObject): void {
    const object = objectOf(text)
    if (object === undefined) return this.#skip(line, column, 'the object is no JSON')
    const values: Partial<Record<BlockField, string>> = {}
    const hex = new Set(NO_HEX)
    for (const [key, value] of Object.entries(object)) {
      const found = blockColumnOf(key)
      if (found === undefined || value === null || values[found.field] !== undefined) continue
      values[found.field] = typeof value === 'object' ? JSON.stringify(value) : String(value)
      if (found.isHex) hex.add(found.field)
    }
    const bad = this.#records.add(values, hex)
    if (bad !== undefined) this.#skip(line, column, `"${bad.field}" should be ${bad.expected}, and is ${JSON.stringify(bad.got.slice(0, 40))}`)
  }

  #skip(line: number, column: number, why: string): void {
    const text = `line ${line}, column ${column}: ${why}`
    if (this.#strict) throw new HeapscapeError('format-malformed', { expected: 'a block', got: text, column }, { line })
    if (this.#skipped === undefined) this.#skipped = { count: 1, firstLine: line, text }
    else this.#skipped.count++
  }

  /** `"coverage"` beside the list, before it. */
  #coverage(): BlockCoverage | undefined {
    const preamble = this.#list.preamble.trim()
    const object = preamble === '' ? undefined : objectOf(`${preamble} null}`)
    const stated = (object as { readonly coverage?: unknown } | undefined)?.coverage
    return typeof stated === 'string' ? coverageOf(stated) : undefined
  }
}

function objectOf(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
