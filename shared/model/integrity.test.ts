import { describe, expect, it } from 'vitest'
import { checkSnapshot, checkTrace } from './integrity'
import { drawHeap } from './testing/drawn-heap'
import { TraceBuilder } from './trace'

const origin = { file: 't', format: 'test', partial: false, notes: [] }

describe('checkSnapshot', () => {
  it('accepts drawn heaps', () => {
    expect(checkSnapshot(drawHeap('[##][AAAA][..][BB][cc][....][~~~~~~]|[A][~~]', { headerBytes: 8 }))).toEqual([])
    expect(checkSnapshot(drawHeap('[A][..........................][BBBBBBBBBBBBBBBB][.]', { bytesPerCharacter: 1000 }))).toEqual([])
    expect(checkSnapshot(drawHeap(''))).toEqual([])
  })

  it.each<[string, (heap: ReturnType<typeof drawHeap>) => void, RegExp]>([
    ['an overlap', (h) => h.blocks.size.set(0, 48), /block 1 at 0x10020 begins 16 bytes below the end/],
    ['a gap', (h) => h.blocks.size.set(1, 16), /16 bytes before block 2 at 0x10040 belong to no block/],
    ['a short segment', (h) => h.blocks.size.set(2, 16), /end at 0x10050, the segment at 0x10060/],
    ['an unknown state', (h) => h.blocks.state.set(1, 9), /block 1 .* unknown state 9/],
    ['more requested than consumed', (h) => h.blocks.requested.set(0, 30), /consumes 32 bytes, less than its 30 requested and 8 header/],
    ['requested bytes of a free block', (h) => h.blocks.requested.set(1, 5), /block 1 .* not busy but has 5/],
    ['too little committed', (h) => h.regions.size.set(0, 64), /regions commit 64 bytes, the blocks account for 96: 48 live \+ 16 header \+ 0 rounding/],
    ['a foreign heap', (h) => h.blocks.heap.set(2, 7), /block 2 .* names heap 7 of 1/],
    ['a missing row', (h) => h.blocks.size.push(1), /column size has 4 rows, address has 3/],
  ])('names %s', (_, damage, expected) => {
    const heap = drawHeap('[AA][..][BB]', { headerBytes: 8 })
    expect(checkSnapshot(heap)).toEqual([])
    damage(heap)
    expect(checkSnapshot(heap).join('\n')).toMatch(expected)
  })
})

describe('checkTrace', () => {
  it('accepts a sound trace and names what is wrong in others', () => {
    const builder = new TraceBuilder(origin)
    const first = builder.alloc(10)
    builder.realloc(first, 20)
    builder.free(first)
    builder.orphanFree()
    builder.alloc(0)
    const trace = builder.finish(origin)
    expect(checkTrace(trace)).toEqual([])
    trace.object.set(4, 0)
    expect(checkTrace(trace)).toEqual(['event 4 allocates object 0, the next new one is 1', 'the trace allocates 1 objects and states 2'])
    trace.object.set(4, 1)
    trace.object.set(1, 1)
    expect(checkTrace(trace)).toEqual(['event 1 reallocates object 1, which is not alive'])
    trace.op.set(1, 7)
    expect(checkTrace(trace)).toEqual(['event 1 has the unknown operation 7'])
    trace.size.push(3)
    expect(checkTrace(trace)).toEqual(['column size has 6 rows, op has 5'])
  })
})
