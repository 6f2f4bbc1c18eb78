import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { quietJob } from '../../base/job-context'
import type { ParameterValue } from '../../model/run'
import { Op, type Trace } from '../../model/trace'
import { resolveRequest } from '../profiles'
import { peakCommittedBytes, peakRequestedBytes } from '../testing/run-totals'
import { workloads } from '../workload'
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
]

test.each(PEAKS)('peak heap bytes of %s, profile %s, on G1 to G8', async (heap, profile, peaks) => {
  const got: number[] = []
  for (const trace of traces) got.push(await peakBytes(trace, heap, profile))
  expect(got).toEqual(peaks)
})

/**
 * TLSF as published counts classes without the header and keeps 24 bytes of data at least. The independent program
 * agrees to the byte on G3, G6 and G7; on the rest its undocumented growth and resizing differ by up to 4 %. The
 * figures are this program's own, frozen.
 */
test.each([
  ['paper', [302176, 176808, 545496, 326800, 666656, 2095544, 8208, 1835304], [301304, 179008, 545496, 327264, 667080, 2095544, 8208, 1769768]],
  ['trimmed', [304520, 175616, 545496, 326800, 666656, 2095544, 8208, 1843880], [301920, 179296, 545496, 327264, 667080, 2095544, 8208, 1844264]],
])('peak heap bytes of tlsf, profile %s, on G1 to G8', async (profile, own, independent) => {
  const got: number[] = []
  for (const trace of traces) got.push(await peakBytes(trace, 'tlsf', profile))
  expect(got).toEqual(own)
  for (const [i, bytes] of got.entries()) expect(Math.abs(bytes / independent[i]! - 1)).toBeLessThan(0.04)
  expect([got[2], got[5], got[6]]).toEqual([independent[2], independent[5], independent[6]])
})

test('a growing buffer resized in place', async () => {
  const growing = traces[7]!
  const got: number[] = []
  for (const heap of ['ff', 'bf']) got.push(await peakBytes(growing, heap, 'csapp', { realloc: 'in-place-forward' }))
  expect(got).toEqual([772312, 2173712])
})
