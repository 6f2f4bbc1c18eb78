import type { ByteSource } from '../../base/byte-source'
import type { JobContext } from '../../base/job-context'
import { eachLine } from '../../base/text-lines'
import { HeapscapeError } from '../../base/errors'
import { Defects } from '../../model/defects'
import type { Profile } from '../../model/profile'
import type { ImportOptions } from '../importer'
import { MassifTables } from './tables'
import { HeapTree } from './tree'

const TIME_UNITS: Readonly<Record<string, string>> = { i: 'instructions', ms: 'ms', B: 'bytes allocated and freed' }
const FIGURES = { time: 'time', mem_heap_B: 'heapBytes', mem_heap_extra_B: 'extraBytes', mem_stacks_B: 'stackBytes' } as const

export function looksLikeMassif(head: Uint8Array): boolean {
  return /^(?:desc:.*\r?\n)+cmd:.*(?:\r?\n|$)/.test(new TextDecoder().decode(head))
}

/**
 * Reads a massif.out file: one moment per snapshot, its sites where it has a tree.
 * Throws format-malformed, format-truncated, cancelled.
 */
export async function parseMassif(source: ByteSource, options: ImportOptions, job: JobContext): Promise<Profile> {
  const reader = new MassifReader(options.mode === 'strict')
  await eachLine(source, job, (text, line, lacksFeed) => reader.take(text, line, lacksFeed))
  return reader.finish(source.name)
}

class MassifReader {
  readonly #defects: Defects
  readonly #notes
  readonly #tables = new MassifTables()
  readonly #tree: HeapTree
  #command = ''
  #timeUnit = ''
  #isOpen = false
  /** True after a mark line, below which more must come. */
  #isBetween = true
  #snapshot: Record<string, number> = {}
  #treeKind = ''
  #line = 0

  constructor(strict: boolean) {
    const defects = new Defects(strict)
    this.#defects = defects
    this.#notes = {
      unknownLine: defects.kind('unknown-line', 'Lines of no known form were skipped.'),
      cutLine: defects.kind('cut-line', 'The last line is cut and was ignored.'),
      incomplete: defects.kind('snapshot-incomplete', 'Snapshots whose figures are not all there were left out.'),
      timeFalls: defects.kind('time-falls', 'Snapshots that lie before the one they follow were left out.'),
      tree: defects.kind('tree-damaged', 'Trees of call sites that do not hold together were left out; the totals of their snapshots stand.'),
    }
    this.#tree = new HeapTree(this.#tables)
  }

  take(text: string, line: number, lacksFeed: boolean): void {
    this.#line = line
    if (lacksFeed) return this.#defects.cut(this.#notes.cutLine, line, 'a whole line')
    if (text === '') return
    this.#isBetween = text.startsWith('#')
    if (this.#isBetween) return
    if (this.#tree.isOpen && /^ *n\d/.test(text)) return this.#takeNode(text)
    const [, key = '', value = ''] = /^([a-z_A-Z]+)(?:=|: ?)(.*)$/.exec(text) ?? []
    if (key === 'snapshot') this.#begin()
    else if (key in FIGURES) this.#figure(key as keyof typeof FIGURES, value, text)
    else if (key === 'heap_tree') this.#beginTree(value, text)
    else if (key === 'cmd') this.#command = value
    else if (key === 'time_unit') this.#timeUnit = value
    else if (key !== 'desc') this.#defects.met(this.#notes.unknownLine, line, 'a line of a massif file', text)
  }

  finish(file: string): Profile {
    this.#end(true)
    // The first snapshot is that of the start: a file without any was cut, and so was one that ends with a mark.
    if ((this.#isBetween || this.#tables.moments === 0) && !this.#defects.isPartial) this.#defects.cut(this.#notes.incomplete, this.#line, 'a snapshot')
    const timeUnit = TIME_UNITS[this.#timeUnit]
    if (timeUnit === undefined && this.#tables.moments === 0) {
      throw new HeapscapeError('format-malformed', { expected: 'a time_unit line (i, ms or B)', got: this.#timeUnit || 'none' })
    }
    const { isPartial } = this.#defects
    return this.#tables.toProfile({
      origin: { file, format: 'massif', partial: isPartial, notes: this.#defects.toNotes(), producer: 'Valgrind Massif', lacking: ['frees', 'threads'] },
      command: this.#command,
      timeUnit: timeUnit ?? (this.#timeUnit || 'unknown'),
    })
  }

  #begin(): void {
    this.#end(false)
    this.#isOpen = true
    this.#snapshot = {}
  }

  #figure(key: keyof typeof FIGURES, value: string, text: string): void {
    const number = /^\d+$/.test(value) ? Number(value) : NaN
    if (Number.isSafeInteger(number)) this.#snapshot[FIGURES[key]] = number
    else this.#defects.met(this.#notes.unknownLine, this.#line, 'a whole number', text)
  }

  #beginTree(kind: string, text: string): void {
    if (kind !== 'empty' && kind !== 'detailed' && kind !== 'peak') return this.#defects.met(this.#notes.unknownLine, this.#line, 'empty, detailed or peak', text)
    this.#treeKind = kind
    if (kind !== 'empty') this.#tree.begin()
  }

  #takeNode(text: string): void {
    if (!this.#tree.add(text)) this.#defects.met(this.#notes.tree, this.#line, 'a node of a tree of call sites', text)
  }

  /** Closes the snapshot at hand: it counts with all its figures, its tree only when it is whole. */
  #end(atEnd: boolean): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    const { time, heapBytes, extraBytes, stackBytes } = this.#snapshot
    const isComplete = time !== undefined && heapBytes !== undefined && extraBytes !== undefined && stackBytes !== undefined && this.#treeKind !== ''
    if (!isComplete) this.#leaveOut(atEnd)
    else if (time < this.#tables.lastTime) this.#defects.met(this.#notes.timeFalls, this.#line, `a time of at least ${this.#tables.lastTime}`, String(time))
    else {
      const leaves = this.#tree.isOpen ? this.#tree.finish() : []
      if (leaves === undefined) this.#leaveOutTree(atEnd)
      this.#tables.addMoment({ time, heapBytes, extraBytes, stackBytes }, this.#treeKind, leaves)
    }
    this.#tree.abandon()
    this.#treeKind = ''
  }

  #leaveOut(atEnd: boolean): void {
    if (atEnd) this.#defects.cut(this.#notes.incomplete, this.#line, 'a whole snapshot')
    else this.#defects.met(this.#notes.incomplete, this.#line, 'time, mem_heap_B, mem_heap_extra_B, mem_stacks_B and heap_tree', 'the next snapshot')
  }

  #leaveOutTree(atEnd: boolean): void {
    if (atEnd) this.#defects.cut(this.#notes.tree, this.#line, 'a whole tree')
    else this.#defects.met(this.#notes.tree, this.#line, 'a whole tree', 'the next snapshot')
  }
}
