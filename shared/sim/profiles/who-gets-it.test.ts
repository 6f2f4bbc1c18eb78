import { describe, expect, test } from 'vitest'
import { heapDefinitions } from './definitions'
import { heapOfCall, heapOfProgram, ntHeapRules, segmentHeapRules, SYSTEM_PROGRAMS, type HeapWish, type Program } from './who-gets-it'

const plain: Program = { executable: 'editor.exe', isPackaged: false, hasManifest: false, readsManifest: true }
const wish: HeapWish = { isGrowable: true, hasBase: false, hasLock: false, hasCommitRoutine: false, hasSegmentSizes: false }

describe('whose heaps are Segment Heaps', () => {
  test('[seg-default-programs] packaged programs and six of the system by default; all others have NT heaps', () => {
    expect(heapOfProgram(plain)).toEqual({ heap: 'nt-lfh', rule: 'default' })
    expect(heapOfProgram({ ...plain, isPackaged: true })).toEqual({ heap: 'segment-heap', rule: 'packaged' })
    expect([...SYSTEM_PROGRAMS]).toEqual(['csrss.exe', 'lsass.exe', 'runtimebroker.exe', 'services.exe', 'smss.exe', 'svchost.exe'])
    for (const executable of ['csrss.exe', 'LSASS.EXE', 'RuntimeBroker.exe', 'svchost.exe']) expect(heapOfProgram({ ...plain, executable })).toEqual({ heap: 'segment-heap', rule: 'system' })
  })

  test.each([
    [{ debugOptions: 8 }, 'segment-heap', 'executable-on'],
    [{ debugOptions: 4, isPackaged: true }, 'nt-lfh', 'executable-off'],
    [{ debugOptions: 12 }, 'nt-lfh', 'executable-off'],
    [{ debugOptions: 4, globallyEnabled: 1 }, 'nt-lfh', 'executable-off'],
    [{ debugOptions: 3 }, 'nt-lfh', 'default'],
    [{ globallyEnabled: 1 }, 'segment-heap', 'global'],
    [{ globallyEnabled: 0, isPackaged: true }, 'nt-lfh', 'global'],
    [{ hasManifest: true }, 'segment-heap', 'manifest'],
    [{ hasManifest: true, readsManifest: false }, 'nt-lfh', 'default'],
  ] as const)('[seg-switches] %o: %s by the rule %s', (traits, heap, rule) => {
    expect(heapOfProgram({ ...plain, ...traits })).toEqual({ heap, rule })
  })

  test('[seg-plain-heaps] in such a program only heaps that can grow, without anything of the caller\'s', () => {
    const program = heapOfProgram({ ...plain, isPackaged: true })
    expect(heapOfCall(wish, program)).toBe(program)
    for (const change of [{ isGrowable: false }, { hasBase: true }, { hasLock: true }, { hasCommitRoutine: true }, { hasSegmentSizes: true }]) expect(heapOfCall({ ...wish, ...change }, program)).toEqual({ heap: 'nt-lfh', rule: 'heap-kind' })
    expect(heapOfCall({ ...wish, hasLock: true }, heapOfProgram(plain))).toEqual({ heap: 'nt-lfh', rule: 'default' })
  })
})

test('every rule that can decide is one of the records, and each Windows heap says who gets it', () => {
  const ids = [...segmentHeapRules, ...ntHeapRules].map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  for (const id of ['executable-off', 'executable-on', 'global', 'manifest', 'packaged', 'system', 'heap-kind', 'default']) expect(ids).toContain(id)
  const rulesOf = (heap: string) => heapDefinitions.find(({ id }) => id === heap)!.servedTo
  expect([rulesOf('segment-heap'), rulesOf('nt-lfh'), rulesOf('first-fit')]).toEqual([segmentHeapRules, ntHeapRules, undefined])
})
