import { describe, expect, test } from 'vitest'
import { TraceBuilder, type Trace } from '../model/trace'
import { summariseTrace } from './trace-summary'

const ORIGIN = { file: 'test', format: 'test', partial: false, notes: [] }

/** `a16 a32 r0:64 f1 o`: allocate, reallocate object 0, free object 1, orphan free. */
function traceOf(script: string, recordsPerRealloc: 1 | 2 = 1): Trace {
  const builder = new TraceBuilder(ORIGIN)
  builder.trace.recordsPerRealloc = recordsPerRealloc
  for (const word of script.split(' ').filter(Boolean)) {
    const [first, second] = word.slice(1).split(':').map(Number)
    if (word[0] === 'a') builder.alloc(first!)
    else if (word[0] === 'r') builder.realloc(first!, second!)
    else if (word[0] === 'f') builder.free(first!)
    else builder.orphanFree()
  }
  return builder.finish(ORIGIN)
}

describe('summariseTrace', () => {
  test('counts, totals, peaks and what is left', () => {
    expect(summariseTrace(traceOf('a16 a32 r0:64 f1 o a8'))).toEqual({
      events: { alloc: 3, free: 1, realloc: 1, orphanFree: 1 },
      requestedBytesTotal: 16 + 32 + 64 + 8,
      peakLiveBytes: 96,
      peakLiveBlocks: 2,
      maxLiveBlocks: 2,
      peakEvent: 3,
      peakAtEvent: 3,
      endLiveBytes: 72,
      endLiveBlocks: 2,
      temporaryAllocs: 0,
      addresses: false,
    })
  })

  test('a realloc of two source records moves the record number, not the event number', () => {
    expect(summariseTrace(traceOf('a16 r0:8 a32', 2))).toMatchObject({ peakEvent: 3, peakAtEvent: 4 })
  })

  test('the first of equal peaks counts, with the blocks alive there; most blocks may be alive elsewhere', () => {
    expect(summariseTrace(traceOf('a100 f0 a50 a50 f1 a0'))).toMatchObject({ peakEvent: 1, peakLiveBytes: 100, peakLiveBlocks: 1, maxLiveBlocks: 2 })
  })

  test('sizes above 32 bits', () => {
    expect(summariseTrace(traceOf('a5000000000 a5000000000 f0'))).toMatchObject({ peakLiveBytes: 1e10, endLiveBytes: 5e9 })
  })

  test('an empty trace', () => {
    expect(summariseTrace(traceOf(''))).toMatchObject({ requestedBytesTotal: 0, peakLiveBytes: 0, peakLiveBlocks: 0, peakEvent: 0, endLiveBlocks: 0 })
  })
})
