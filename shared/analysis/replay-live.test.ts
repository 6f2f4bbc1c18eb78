import { expect, test } from 'vitest'
import { FailureTable } from '../model/run'
import { Op, Trace } from '../model/trace'
import { liveOfReplay } from './replay-live'

function traceOf(events: readonly (readonly [op: number, object: number, size: number])[]): Trace {
  const trace = new Trace({ file: 'live', format: 'test', partial: false, notes: [] })
  for (const [op, object, size] of events) {
    trace.op.push(op)
    trace.object.push(object)
    trace.size.push(size)
  }
  trace.objects = 2
  return trace
}

const trace = traceOf([[Op.Alloc, 0, 100], [Op.Realloc, 0, 300], [Op.Alloc, 1, 50], [Op.Free, 0, 0], [Op.Free, 0, 0], [Op.OrphanFree, 0xffffffff, 0], [Op.Alloc, 1, 7], [Op.Free, 1, 0], [Op.Realloc, 0, 9]])

function failedAt(...events: readonly number[]): FailureTable {
  const failures = new FailureTable()
  for (const event of events) {
    failures.event.push(event)
    failures.size.push(0)
  }
  return failures
}

test('what was asked for and not freed; a block left behind by an allocation of its object stays live', () => {
  const live = liveOfReplay(trace, failedAt())
  expect(Array.from(live.values)).toEqual([0, 100, 300, 350, 50, 50, 50, 57, 50, 59])
  expect(liveOfReplay(trace, failedAt())).toBe(live)
})

test('a failed request changes nothing, and a failed realloc keeps the old block', () => {
  expect(Array.from(liveOfReplay(trace, failedAt(2)).values)).toEqual([0, 100, 100, 150, 50, 50, 50, 57, 50, 59])
  expect(Array.from(liveOfReplay(trace, failedAt(1, 3)).values)).toEqual([0, 0, 300, 300, 0, 0, 0, 7, 0, 9])
})
