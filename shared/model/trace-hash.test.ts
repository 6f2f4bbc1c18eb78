import { expect, test } from 'vitest'
import { cancelledAfter, quietJob } from '../base/job-context'
import { type Trace, TraceBuilder } from './trace'
import { hashTrace } from './trace-hash'

const ORIGIN = { file: 'test', format: 'test', partial: false, notes: [] }

/** `count` allocations of 16, 17, ... bytes; `change` may alter the builder before and after. */
function traceOf(count: number, change: (builder: TraceBuilder) => void = () => {}, file = 'test'): Trace {
  const builder = new TraceBuilder({ ...ORIGIN, file })
  for (let event = 0; event < count; event++) builder.alloc(16 + event)
  change(builder)
  return builder.finish({ ...ORIGIN, file })
}
const hashOf = (trace: Trace): Promise<string> => hashTrace(trace, quietJob)

test('is 32 hex digits, the same for the same events whatever the file is called', async () => {
  const hash = await hashOf(traceOf(1000))
  expect(hash).toMatch(/^[0-9a-f]{32}$/)
  expect(await hashOf(traceOf(1000, undefined, 'other'))).toBe(hash)
})

test('the layout is frozen: saved files compare hashes of different program versions', async () => {
  const script = (builder: TraceBuilder): void => {
    builder.realloc(0, 5_000_000_000)
    builder.free(1)
    builder.orphanFree()
  }
  expect(await hashOf(traceOf(3, script))).toBe('ea177b0250ae849c7a954fa2daeeb441')
  expect(await hashOf(traceOf(0))).toBe('069f04fae6630526fa366b50a232401d')
})

test('tells every kind of difference', async () => {
  const hashes = await Promise.all([
    hashOf(traceOf(0)),
    hashOf(traceOf(10)),
    hashOf(traceOf(11)),
    hashOf(traceOf(10, (builder) => builder.free(1))),
    hashOf(traceOf(10, (builder) => builder.free(2))),
    hashOf(traceOf(10, (builder) => builder.orphanFree())),
    hashOf(traceOf(10, (builder) => builder.realloc(1, 0))),
    hashOf(traceOf(10, (builder) => builder.realloc(1, 1))),
    hashOf(traceOf(70_000)),
    hashOf(traceOf(70_000, (builder) => builder.trace.size.set(69_999, 1))),
  ])
  expect(new Set(hashes).size).toBe(hashes.length)
})

test('does not depend on how the sizes are stored', async () => {
  const widened = traceOf(10, (builder) => {
    builder.trace.size.set(0, 2 ** 33)
    builder.trace.size.set(0, 16)
  })
  expect(widened.size.kind).toBe('f64')
  expect(await hashOf(widened)).toBe(await hashOf(traceOf(10)))
})

test('crosses column chunks and can be cancelled', async () => {
  const trace = traceOf(1_100_000)
  expect(await hashOf(trace)).toMatch(/^[0-9a-f]{32}$/)
  await expect(hashTrace(trace, cancelledAfter(3))).rejects.toMatchObject({ code: 'cancelled' })
})
