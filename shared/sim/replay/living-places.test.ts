import fc from 'fast-check'
import { expect, test } from 'vitest'
import { quietJob } from '../../base/job-context'
import { Op, Trace } from '../../model/trace'
import { livingPlaces } from './living-places'

const NOBODY = 0xffffffff

function traceOf(events: readonly (readonly [op: number, object: number])[], objects: number): Trace {
  const trace = new Trace({ file: 'places', format: 'test', partial: false, notes: [] })
  for (const [op, object] of events) {
    trace.op.push(op)
    trace.object.push(object)
    trace.size.push(op === Op.Free || op === Op.OrphanFree ? 0 : 8)
  }
  trace.objects = objects
  return trace
}

test('places are used again; a free of what does not live has place 0', async () => {
  const trace = traceOf([[Op.Alloc, 0], [Op.Alloc, 1], [Op.Free, 0], [Op.Alloc, 2], [Op.Free, 7], [Op.Realloc, 1], [Op.OrphanFree, NOBODY], [Op.Realloc, 7]], 8)
  const { chunks, count } = await livingPlaces(trace, quietJob)
  expect(chunks.map((chunk) => Array.from(chunk))).toEqual([[1, 2, 1, 1, 0, 2, 0, 3]])
  expect(count).toBe(4)
  expect(await livingPlaces(trace, quietJob)).toBe(await livingPlaces(trace, quietJob))
})

test('no two living objects share a place, and there are no more places than lived at once', async () => {
  const event = fc.tuple(fc.constantFrom(Op.Alloc, Op.Alloc, Op.Free, Op.Realloc), fc.integer({ min: 0, max: 30 }))
  await fc.assert(fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 200 }), async (events) => {
    const { chunks, count } = await livingPlaces(traceOf(events, 31), quietJob)
    const placeOf = new Map<number, number>()
    let most = 0
    events.forEach(([op, object], i) => {
      const place = chunks[0]![i]!
      expect(place).toBe(op === Op.Free ? (placeOf.get(object) ?? 0) : (placeOf.get(object) ?? place))
      if (op === Op.Free) placeOf.delete(object)
      else placeOf.set(object, place)
      expect(new Set(placeOf.values()).size).toBe(placeOf.size)
      most = Math.max(most, placeOf.size)
    })
    expect([...placeOf.values()]).not.toContain(0)
    expect(count).toBe(most + 1)
  }))
})
