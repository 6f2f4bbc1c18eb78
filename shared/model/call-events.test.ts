import { expect, test } from 'vitest'
import { CallEvents } from './call-events'
import { checkTrace } from './integrity'
import { NoteList } from './note-list'
import { Op, TraceBuilder } from './trace'

test('frees, missing frees, orphans and reallocations of unknown blocks, each told once', () => {
  const builder = new TraceBuilder({ file: 'f', format: 'f', partial: false, notes: [] })
  const list = new NoteList()
  const keys: number[] = []
  const events = new CallEvents(builder, list, (key) => keys.push(key))
  events.alloc(16, 8)
  events.alloc(16, 9)
  events.realloc(16, 32, 10)
  events.realloc(99, 32, 11)
  events.free(32)
  events.free(32)
  events.freeNull()
  events.allocFailed()
  events.reallocFailed()
  const trace = builder.finish({ file: 'f', format: 'f', partial: false, notes: list.toNotes() })
  expect(checkTrace(trace)).toEqual([])
  expect([...trace.op.slice()]).toEqual([Op.Alloc, Op.Free, Op.Alloc, Op.Realloc, Op.Free, Op.Alloc, Op.Free, Op.OrphanFree])
  expect(keys).toEqual([16, 16, 16, 32, 32, 32, 32, 32])
  expect(trace.origin.notes.map(({ code, count }) => `${code} ${count}`)).toEqual([
    'orphan-free 1', 'missed-free 2', 'realloc-unknown 1', 'alloc-failed 1', 'realloc-failed 1', 'free-null 1',
  ])
})
