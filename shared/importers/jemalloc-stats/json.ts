import type { ByteSource } from '../../base/byte-source'
import { HeapscapeError } from '../../base/errors'
import type { JobContext } from '../../base/job-context'
import { JsonReader } from '../../base/json-reader'
import type { StatisticTable } from '../../model/profile'
import type { JemallocFindings } from './findings'
import { unitOf } from './units'

type Json = null | boolean | number | string | readonly Json[] | JsonRecord
interface JsonRecord {
  readonly [key: string]: Json
}

/** Lists whose elements are size classes, and what a row of them is about. */
const LISTS: Readonly<Record<string, string>> = { bins: 'bin', bin: 'size-class', lextents: 'large-extent', lextent: 'large-size-class', extents: 'extent', nonfull_slabs: 'hpa-slabs' }
/** Most elements of a list that count; jemalloc has at most some hundreds of size classes. */
const MOST_ELEMENTS = 100_000

export function looksLikeJemallocJson(head: Uint8Array): boolean {
  return /^\s*\{\s*"jemalloc"\s*:\s*\{/.test(new TextDecoder().decode(head))
}

/** One section, or one arena, is in memory at a time. */
export async function readJemallocJson(source: ByteSource, found: JemallocFindings, isStrict: boolean, job: JobContext): Promise<void> {
  const json = new JsonReader(source)
  const cut = found.defects.kind('file-cut', 'The file ends inside; what stood before was read.')
  const damaged = found.defects.kind('rest-unreadable', 'The file is no JSON from some place on; what stood before was read.')
  const sections = new Sections(found)
  try {
    json.next()
    while (json.next() === 'key') {
      const outer = json.text
      json.next()
      if (outer === 'jemalloc') await readSections(json, sections, source, job)
      else json.skip()
    }
    json.next()
  } catch (error) {
    const isEnd = error instanceof HeapscapeError && (error.code === 'format-truncated' || error.code === 'format-malformed')
    if (!isEnd || isStrict || found.statistics.length === 0) throw error
    const kind = error.code === 'format-truncated' ? cut : damaged
    kind.hitAt(json.offset)
    found.defects.isPartial = true
  }
}

async function readSections(json: JsonReader, sections: Sections, source: ByteSource, job: JobContext): Promise<void> {
  while (json.next() === 'key') {
    const name = json.text
    json.next()
    if (name === 'stats.arenas' && json.token === '{') {
      while (json.next() === 'key') {
        const arena = json.text
        json.next()
        sections.arena(arena, valueOf(json))
        job.progress({ done: json.offset, total: source.size, unit: 'bytes' })
        await job.checkpoint()
      }
    } else sections.section(name, valueOf(json))
    await job.checkpoint()
  }
}

/** The value at hand, whole. */
function valueOf(json: JsonReader): Json {
  switch (json.token) {
    case '[': {
      const list: Json[] = []
      for (let token = json.next(); token !== ']'; token = json.next()) {
        const value = valueOf(json)
        if (list.length < MOST_ELEMENTS) list.push(value)
      }
      return list
    }
    case '{': {
      const entries: [string, Json][] = []
      for (let token = json.next(); token !== '}'; token = json.next()) {
        const key = json.text
        json.next()
        entries.push([key, valueOf(json)])
      }
      return Object.fromEntries(entries)
    }
    case 'string':
      return json.text
    case 'number':
      return json.number
    default:
      return json.token === 'null' ? null : json.token === 'true'
  }
}

class Sections {
  readonly #found: JemallocFindings
  readonly #statistics: StatisticTable
  /** Sizes of small and large classes, in order, as the section `arenas` lists them. */
  readonly #sizes: Record<string, number[]> = { bins: [], lextents: [] }

  constructor(found: JemallocFindings) {
    this.#found = found
    this.#statistics = found.statistics
  }

  section(name: string, value: Json): void {
    if (name === 'version' && typeof value === 'string') this.#found.version = value.replace(/-0-g.*$/, '')
    else if (name === 'arenas') {
      const { bin, lextent } = recordOf(value)
      this.#sizes['bins'] = sizesOf(bin)
      this.#sizes['lextents'] = sizesOf(lextent)
      this.#flatten('process', '', '', value)
    } else if (name === 'config' || name === 'opt' || name === 'prof') this.#flatten('option', '', `${name}.`, value)
    else if (name === 'stats') this.#flatten('process', '', '', value)
  }

  /** `merged` and `destroyed` stand beside the numbers of arenas. */
  arena(name: string, value: Json): void {
    this.#flatten('arena', /^\d+$/.test(name) ? `arena ${name}` : name, '', value)
  }

  /** Numbers of a record and of the records in it, with dots between the names; texts are no figures. */
  #flatten(kind: string, subject: string, prefix: string, value: Json): void {
    for (const [key, item] of Object.entries(recordOf(value))) {
      if (typeof item === 'number') this.#add(kind, subject, prefix + key, item)
      else if (typeof item === 'boolean') this.#statistics.add(kind, subject, prefix + key, item ? 1 : 0, 'boolean')
      else if (Array.isArray(item)) this.#list(key, subject, item as readonly Json[])
      else if (key === 'mutexes') for (const [mutex, figures] of Object.entries(recordOf(item))) this.#flatten('mutex', join(subject, mutex), '', figures)
      else if (key !== 'mutex') this.#flatten(kind, subject, `${prefix}${key}.`, item)
    }
  }

  /** Elements of zeros alone say nothing and are left out. */
  #list(key: string, subject: string, list: readonly Json[]): void {
    const kind = LISTS[key] ?? key
    const sizes = this.#sizes[key]
    for (const [i, item] of list.entries()) {
      const record = recordOf(item)
      if (Object.values(record).every((value) => typeof value !== 'number' || value === 0)) continue
      const size = sizes?.[i] ?? record['size']
      this.#flatten(kind, join(subject, typeof size === 'number' ? `${size} bytes` : `class ${i}`), '', record)
    }
  }

  #add(kind: string, subject: string, name: string, value: number): void {
    if (Number.isFinite(value)) this.#statistics.add(kind, subject, name, value, unitOf(name))
  }
}

const recordOf = (value: Json | undefined): JsonRecord => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonRecord) : {})

const join = (subject: string, part: string): string => (subject === '' ? part : `${subject}, ${part}`)

function sizesOf(list: Json | undefined): number[] {
  if (!Array.isArray(list)) return []
  return (list as readonly Json[]).map((item) => recordOf(item)['size']).map((size) => (typeof size === 'number' ? size : NaN))
}
