import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { quietJob } from '../../base/job-context'
import type { ParameterValue } from '../../model/run'
import { Op, TraceBuilder, type Trace } from '../../model/trace'
import { resolveRequest } from '../profiles'
import { peakCommittedBytes, peakRequestedBytes } from '../testing/run-totals'
import { workloads } from '../workload'
import { buildHoles } from '../workload/generate'
import { replayTrace } from './replay'

const traces = workloads.map((workload) => workload.build())

async function peakBytes(trace: Trace, heap: string, profile: string, overrides: Record<string, ParameterValue> = {}): Promise<number> {
  return peakCommittedBytes(await replayTrace(trace, resolveRequest(heap, profile, overrides), quietJob))
}

/** First 16 hex digits of SHA-256 over lines such as `a 0 184`, joined by line feeds. */
function digestOfEvents(trace: Trace): string {
  const lines: string[] = []
  for (let row = 0; row < trace.events; row++) {
    const [op, object, size] = [trace.op.at(row), trace.object.at(row), trace.size.at(row)]
    lines.push(op === Op.Free ? `f ${object}` : `${op === Op.Alloc ? 'a' : 'r'} ${object} ${size}`)
  }
  return createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 16)
}

test('workloads are the published sequences', () => {
  expect(traces.map(digestOfEvents)).toEqual([
    '665e811f976ecbfb',
    'd034584e1b65a096',
    'ecf133bc56a9a05d',
    'ba93237ef3b35380',
    '640f0222a0e411e0',
    'c9f081357216a2de',
    'fa605424f88b7d5c',
    '0f6e86fb84b28382',
  ])
  expect(traces.map(peakRequestedBytes)).toEqual([272853, 150850, 535936, 311696, 570400, 1152000, 8190, 615040])
})

/** Table A4: peak heap bytes on G1..G8, from an independent program. */
const PEAKS: readonly (readonly [heap: string, profile: string, peaks: readonly number[]])[] = [
  ['ff', 'csapp', [323600, 188432, 582712, 348176, 671760, 2097168, 12320, 2315296]],
  ['nf', 'csapp', [344080, 241680, 668896, 417808, 667664, 2097168, 12320, 2309152]],
  ['bf', 'csapp', [303120, 176144, 549880, 327696, 667664, 2097168, 12320, 1957536]],
  ['wf', 'csapp', [421904, 389136, 1017736, 557072, 655376, 2097168, 12320, 2314784]],
  ['lifo', 'csapp', [372752, 262160, 1071088, 499728, 671760, 2097168, 12320, 2362272]],
  ['fifo', 'csapp', [307216, 200720, 623752, 352272, 647184, 2097168, 12320, 2381992]],
  ['seg', 'csapp', [319504, 196624, 545776, 327696, 671760, 2097168, 12320, 2458920]],
  ['ff', 'pure', [314248, 176776, 569952, 333376, 666704, 2047552, 8192, 1844224]],
  ['bf', 'pure', [294040, 166920, 541280, 314944, 666496, 2047552, 8192, 1843456]],
  ['nf', 'pure', [332480, 211912, 685344, 398416, 668656, 2047552, 8192, 1843456]],
  ['wf', 'pure', [409816, 310464, 971584, 535104, 639800, 2047552, 8192, 1843456]],
  ['buddy', 'standard', [380928, 237568, 1081344, 630784, 733696, 2560000, 16384, 2097152]],
  ['simpleseg', 'standard', [413696, 266240, 540672, 339968, 1044480, 1155072, 16384, 2109440]],
  ['tlsf', 'trimmed', [301920, 179296, 545496, 327264, 667080, 2095544, 8208, 1844264]],
  ['tlsf', 'paper', [301304, 179008, 545496, 327264, 667080, 2095544, 8208, 1769768]],
]

test.each(PEAKS)('peak heap bytes of %s, profile %s, on G1 to G8', async (heap, profile, peaks) => {
  const got: number[] = []
  for (const trace of traces) got.push(await peakBytes(trace, heap, profile))
  expect(got).toEqual(peaks)
})

/** `realloc2-bal` of malloclab: a buffer grows by 5 bytes a step, so that most steps fit into the rounded block. */
function buildSmallSteps(): Trace {
  const builder = new TraceBuilder({ file: 'realloc2-bal', format: 'workload', partial: false, notes: [] })
  const buffer = builder.alloc(4092)
  let temporary = builder.alloc(16)
  for (let i = 1; i <= 4799; i++) {
    builder.realloc(buffer, 4092 + 5 * i)
    const next = builder.alloc(16)
    builder.free(temporary)
    temporary = next
  }
  builder.free(temporary)
  builder.free(buffer)
  return builder.finish(builder.trace.origin)
}

/** Table A2, the columns `binary2` and `realloc2`: traces that are pure formulas. */
const FORMULA_PEAKS: readonly (readonly [heap: string, profile: string, overrides: Record<string, ParameterValue>, binary2: number, realloc2: number])[] = [
  ['ff', 'csapp', {}, 1122320, 83056],
  ['nf', 'csapp', {}, 1122320, 62296],
  ['bf', 'csapp', {}, 1122320, 92504],
  ['wf', 'csapp', {}, 1122320, 83016],
  ['lifo', 'csapp', {}, 1122320, 83016],
  ['fifo', 'csapp', {}, 1122320, 92528],
  ['seg', 'csapp', {}, 1122320, 98768],
  ['ff', 'csapp', { growExact: true, chunk: 8, initial: 0 }, 1119896, 56264],
  ['buddy', 'standard', {}, 1280000, 65536],
  ['simpleseg', 'standard', {}, 577536, 65536],
  ['tlsf', 'trimmed', {}, 1151880, 84280],
  ['tlsf', 'paper', {}, 1151880, 81496],
]

test.each(FORMULA_PEAKS)('heap bytes of %s, profile %s %o, on binary2 and realloc2', async (heap, profile, overrides, binary2, realloc2) => {
  const pairs = buildHoles('binary2-bal', 4000, { small: 16, large: 112, later: 128 })
  const steps = buildSmallSteps()
  expect([peakRequestedBytes(pairs), peakRequestedBytes(steps)]).toEqual([576000, 28119])
  expect(await peakBytes(pairs, heap, profile, overrides)).toBe(binary2)
  expect(await peakBytes(steps, heap, profile, overrides)).toBe(realloc2)
})

test('a growing buffer resized in place', async () => {
  const growing = traces[7]!
  const got: number[] = []
  for (const heap of ['ff', 'bf']) got.push(await peakBytes(growing, heap, 'csapp', { realloc: 'in-place-forward' }))
  expect(got).toEqual([772312, 2173712])
})
