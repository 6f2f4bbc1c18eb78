import type { ByteSource } from '../../base/byte-source'
import { HeapscapeError } from '../../base/errors'
import type { JobContext } from '../../base/job-context'
import { eachLine } from '../../base/text-lines'
import { Defects } from '../../model/defects'
import { Profile, StatisticTable } from '../../model/profile'
import type { ImportOptions } from '../importer'

const TAG = /<(\/?)([a-z]+)((?: +[a-z]+="[^"<]*")*) *\/?>/g
const ATTRIBUTE = /([a-z]+)="([^"]*)"/g
const VERSION = '1'

export function looksLikeMallocInfo(head: Uint8Array): boolean {
  return /^\s*(?:<\?xml[^>]*>\s*)?<malloc version="/.test(new TextDecoder().decode(head))
}

/** Reads what glibc's `malloc_info` writes. Throws format-malformed, format-truncated, format-too-new, cancelled. */
export async function parseMallocInfo(source: ByteSource, options: ImportOptions, job: JobContext): Promise<Profile> {
  const reader = new MallocInfoReader(options.mode === 'strict')
  await eachLine(source, job, (text, line) => reader.take(text, line))
  return reader.finish(source.name)
}

class MallocInfoReader {
  readonly #defects: Defects
  readonly #notes
  readonly #statistics = new StatisticTable()
  #version = ''
  /** `arena 0` inside a heap element, "" outside. */
  #subject = ''
  #isClosed = false
  #line = 0

  constructor(strict: boolean) {
    const defects = new Defects(strict)
    this.#defects = defects
    this.#notes = {
      unknown: defects.kind('element-unknown', 'Elements of no known form were skipped.'),
      cut: defects.kind('file-cut', 'The file ends before its closing element; what stood before was read.'),
    }
  }

  take(text: string, line: number): void {
    this.#line = line
    const rest = text.replace(TAG, (_, slash: string, name: string, attributes: string) => {
      this.#element(slash === '/', name, new Map([...attributes.matchAll(ATTRIBUTE)].map((match) => [match[1]!, match[2]!])))
      return ''
    })
    if (rest.trim() !== '' && !rest.startsWith('<?xml')) this.#defects.met(this.#notes.unknown, line, 'elements of malloc_info', rest)
  }

  finish(file: string): Profile {
    if (this.#version === '') throw new HeapscapeError('format-malformed', { expected: '<malloc version="1">', got: 'none' })
    if (!this.#isClosed) this.#defects.cut(this.#notes.cut, this.#line, '</malloc>')
    return new Profile({
      origin: { file, format: 'malloc-info', partial: this.#defects.isPartial, notes: this.#defects.toNotes(), producer: 'GNU C library', version: this.#version },
      statistics: this.#statistics,
    })
  }

  #element(isEnd: boolean, name: string, attributes: ReadonlyMap<string, string>): void {
    const number = (key: string): number => (/^\d{1,16}$/.test(attributes.get(key) ?? '') ? Number(attributes.get(key)) : NaN)
    if (isEnd) return this.#end(name)
    const type = attributes.get('type') ?? ''
    let isKnown = true
    if (name === 'malloc') this.#checkVersion(attributes.get('version') ?? '')
    else if (name === 'heap') this.#subject = `arena ${attributes.get('nr') ?? '?'}`
    else if (name === 'size') isKnown = this.#add('free-size', this.#sizeSubject(number('from'), number('to')), [['free blocks', number('count'), 'blocks'], ['free bytes', number('total'), 'bytes']])
    else if (name === 'unsorted') isKnown = this.#addScoped('unsorted', [['blocks', number('count'), 'blocks'], ['bytes', number('total'), 'bytes']])
    else if (name === 'total') isKnown = this.#addScoped(`total ${type}`, [['blocks', number('count'), 'blocks'], ['bytes', number('size'), 'bytes']])
    else if (name === 'system' || name === 'aspace') isKnown = this.#addScoped(`${name} ${type}`, [['bytes', number('size'), type === 'subheaps' ? 'count' : 'bytes']])
    else isKnown = name === 'sizes'
    if (!isKnown) this.#defects.met(this.#notes.unknown, this.#line, 'an element of malloc_info', name)
  }

  #end(name: string): void {
    if (name === 'heap') this.#subject = ''
    if (name === 'malloc') this.#isClosed = true
  }

  #checkVersion(version: string): void {
    if (Number(version) > Number(VERSION)) throw new HeapscapeError('format-too-new', { expected: VERSION, got: version }, { line: this.#line })
    if (version !== VERSION) throw new HeapscapeError('format-malformed', { expected: `version ${VERSION}`, got: version }, { line: this.#line })
    this.#version = version
  }

  /** Ranges are given one byte above the sizes of chunks (33 for chunks of 32); they are kept as they stand. */
  #sizeSubject(from: number, to: number): string {
    const range = from === to ? `${from} bytes` : `${from} to ${to} bytes`
    return this.#subject === '' ? range : `${this.#subject}, ${range}`
  }

  #addScoped(prefix: string, figures: readonly (readonly [string, number, string])[]): boolean {
    return this.#add(this.#subject === '' ? 'process' : 'arena', this.#subject, figures.map(([name, value, unit]) => [`${prefix} ${name}`, value, unit]))
  }

  #add(kind: string, subject: string, figures: readonly (readonly [string, number, string])[]): boolean {
    if (figures.some(([, value]) => !Number.isSafeInteger(value))) return false
    for (const [name, value, unit] of figures) this.#statistics.add(kind, subject, name, value, unit)
    return true
  }
}
