import type { ByteSource } from '../../base/byte-source'
import { Column } from '../../base/column'
import { HeapscapeError } from '../../base/errors'
import type { JobContext } from '../../base/job-context'
import { JsonReader } from '../../base/json-reader'
import { Defects } from '../../model/defects'
import type { Profile } from '../../model/profile'
import type { ImportOptions } from '../importer'
import { DhatTables, POINT_KEYS, type DhatHeader, type PointKey } from './tables'

const VERSION = 2
/** Program points between two checkpoints: about a millisecond. */
const POINTS_PER_TURN = 2048
const HEADER_TEXTS = ['mode', 'verb', 'cmd', 'tu', 'bu', 'bsu', 'bksu'] as const

export function looksLikeDhat(head: Uint8Array): boolean {
  return /^\s*\{\s*"dhatFileVersion"\s*:/.test(new TextDecoder().decode(head))
}

/**
 * Reads a DHAT file: one site per program point. The frames come last in the file, so points are kept as numbers until then.
 * Throws format-malformed, format-truncated, format-too-new, cancelled.
 */
export async function parseDhat(source: ByteSource, options: ImportOptions, job: JobContext): Promise<Profile> {
  const reader = new DhatReader(source, options.mode === 'strict')
  try {
    await reader.read(job)
  } catch (error) {
    if (!reader.endsAt(error)) throw error
  }
  return reader.finish(source.name)
}

class DhatReader {
  readonly #source: ByteSource
  readonly #json: JsonReader
  readonly #defects: Defects
  readonly #strict: boolean
  readonly #notes
  readonly #header: DhatHeader = { mode: 'heap', verb: 'Allocated', cmd: '', tu: '', bu: '', bsu: '', bksu: '', hasLifetimes: true, hasAccesses: true, peakTime: NaN, endTime: NaN }
  readonly #points: Record<PointKey, Column> = Object.fromEntries(POINT_KEYS.map((key) => [key, new Column('f64')])) as Record<PointKey, Column>
  /** Frame numbers of all points, one after the other; point i has those before #pathEnd[i]. */
  readonly #path = new Column('u32')
  readonly #pathEnd = new Column('u32')
  readonly #frames: string[] = []
  #version = NaN
  #hasFrames = false

  constructor(source: ByteSource, strict: boolean) {
    this.#source = source
    this.#json = new JsonReader(source)
    this.#strict = strict
    const defects = new Defects(strict)
    this.#defects = defects
    this.#notes = {
      cut: defects.kind('file-cut', 'The file ends inside; what stood before was read.'),
      damaged: defects.kind('rest-unreadable', 'The file is no JSON from some place on; what stood before was read.'),
      frames: defects.kind('frames-missing', 'The list of frames is missing: sites have no names.'),
      point: defects.kind('point-unreadable', 'Program points whose figures are no counts were left out.'),
      frame: defects.kind('frame-unknown', 'Frames that are not in the list have no name.'),
    }
  }

  async read(job: JobContext): Promise<void> {
    const json = this.#json
    if (json.next() !== '{') throw new HeapscapeError('format-malformed', { expected: 'an object', got: json.token }, { offset: json.offset })
    while (json.next() === 'key') {
      const key = json.text
      json.next()
      if (key === 'pps') await this.#readPoints(job)
      else if (key === 'ftbl') await this.#readFrames(job)
      else this.#readHeader(key)
    }
    json.next()
  }

  /** True when what was read before the text failed is to be kept; without a point there is nothing to keep. */
  endsAt(error: unknown): boolean {
    const isEnd = error instanceof HeapscapeError && (error.code === 'format-truncated' || error.code === 'format-malformed')
    if (!isEnd || this.#strict || this.#pathEnd.length === 0) return false
    const kind = error.code === 'format-truncated' ? this.#notes.cut : this.#notes.damaged
    kind.hitAt(this.#json.offset)
    this.#defects.isPartial = true
    return true
  }

  finish(file: string): Profile {
    if (!Number.isFinite(this.#version)) throw new HeapscapeError('format-malformed', { expected: '"dhatFileVersion"', got: 'none' })
    if (!this.#hasFrames) this.#defects.cut(this.#notes.frames, this.#json, 'the list of frames "ftbl"')
    const tables = new DhatTables(this.#header, this.#frames)
    let from = 0
    for (let point = 0; point < this.#pathEnd.length; point++) {
      const to = this.#pathEnd.at(point)
      const frames = Array.from(this.#path.slice(from, to))
      if (this.#hasFrames && frames.some((frame) => frame >= this.#frames.length)) this.#defects.met(this.#notes.frame, this.#json, `frames below ${this.#frames.length}`, frames.join(' '))
      tables.add(this.#points, point, frames)
      from = to
    }
    return tables.toProfile({ file, format: 'dhat', partial: this.#defects.isPartial, notes: this.#defects.toNotes(), producer: 'Valgrind DHAT', version: String(this.#version), lacking: ['threads'] })
  }

  #readHeader(key: string): void {
    const json = this.#json
    const header = this.#header as { -readonly [K in keyof DhatHeader]: DhatHeader[K] }
    if (json.token === 'number' && key === 'dhatFileVersion') this.#checkVersion(json.number)
    else if (json.token === 'number' && key === 'tg') header.peakTime = json.number
    else if (json.token === 'number' && key === 'te') header.endTime = json.number
    else if (json.token === 'false' && key === 'bklt') header.hasLifetimes = false
    else if (json.token === 'false' && key === 'bkacc') header.hasAccesses = false
    else if (json.token === 'string' && HEADER_TEXTS.includes(key as 'mode')) header[key as 'mode'] = json.text
    else json.skip()
  }

  #checkVersion(version: number): void {
    this.#version = version
    if (version > VERSION) throw new HeapscapeError('format-too-new', { expected: VERSION, got: version })
    if (version !== VERSION) throw new HeapscapeError('format-malformed', { expected: `version ${VERSION}`, got: version })
  }

  async #readPoints(job: JobContext): Promise<void> {
    const json = this.#json
    if (json.token !== '[') return json.skip()
    for (let token = json.next(), count = 0; token !== ']'; token = json.next(), count++) {
      if (token === '{') this.#readPoint()
      else this.#defects.met(this.#notes.point, json, 'a program point', token)
      json.skip()
      if (count % POINTS_PER_TURN === 0) await this.#turn(job)
    }
  }

  #readPoint(): void {
    const json = this.#json
    const values: Partial<Record<PointKey, number>> = {}
    const path: number[] = []
    let isSound = true
    while (json.next() === 'key') {
      const key = json.text as PointKey | 'fs'
      json.next()
      if (key === 'fs' && json.token === '[') {
        for (let token = json.next(); token !== ']'; token = json.next()) {
          if (token === 'number' && Number.isInteger(json.number) && json.number >= 0 && json.number <= 0xffffffff) path.push(json.number)
          else {
            isSound = false
            json.skip()
          }
        }
      } else if (json.token === 'number' && POINT_KEYS.includes(key as PointKey)) {
        values[key as PointKey] = json.number
        if (!Number.isSafeInteger(json.number) || json.number < 0) isSound = false
      } else json.skip()
    }
    if (!isSound || values.tb === undefined || values.tbk === undefined) return this.#defects.met(this.#notes.point, json, 'counts from 0', `a point near byte ${json.offset}`)
    for (const key of POINT_KEYS) this.#points[key].push(values[key] ?? 0)
    for (const frame of path) this.#path.push(frame)
    this.#pathEnd.push(this.#path.length)
  }

  async #readFrames(job: JobContext): Promise<void> {
    const json = this.#json
    if (json.token !== '[') return json.skip()
    for (let token = json.next(); token !== ']'; token = json.next()) {
      this.#frames.push(token === 'string' ? json.text : '')
      json.skip()
      if (this.#frames.length % POINTS_PER_TURN === 0) await this.#turn(job)
    }
    this.#hasFrames = true
  }

  #turn(job: JobContext): Promise<void> {
    job.progress({ done: this.#json.offset, total: this.#source.size, unit: 'bytes' })
    return job.checkpoint()
  }
}
