import { describe, expect, it, test } from 'vitest'
import { layoutOf } from '../../heapwalk/layouts/choose-layout'
import { BUILD_KEYS } from '../../heapwalk/layouts/structure-table'
import { BlockKind } from '../../model/snapshot'
import { resolveRequest } from '../profiles'
import { ARTICLE_VERSION, findWindowsVersion, windowsVersions } from '../profiles/windows-versions'
import { HeapFlag, HeapInformation } from './constants'
import { RaisedException, Status, Win32Error } from './error-codes'
import { SimulatedProcess } from './simulated-process'
import { heldBlocks, walkMemory, work } from './testing/walked-process'

const { HeapCompatibilityInformation, HeapEnableTerminationOnCorruption, HeapOptimizeResources } = HeapInformation
// One layout of each sort; versions.long.ts has the others.
const OF_BYTES = ['7-x86', '10-x64', '10-1607-x64-segment', '11-24h2-x64-segment']

const processOf = (version: string): SimulatedProcess => new SimulatedProcess({ version })

/** Kind of the block whose data a pointer is. */
const insideOf = (process: SimulatedProcess, heap: number, pointer: number): BlockKind => process.walkHeap(heap).find(({ kind, data }) => kind === 'busy' && data === pointer)!.inside

/** Number of the request of 40 bytes that is the first one served by the front end. */
function firstServed(process: SimulatedProcess, heap: number): number {
  for (let request = 1; request < 40; request++) if (insideOf(process, heap, process.heapAlloc(heap, 0, 40)) === BlockKind.LfhSlot) return request
  return 0
}

const codeOf = (process: SimulatedProcess, ...args: [string, ...number[]]): number => (process.call(...args) === 0 ? process.callError.code : 0)

describe('versions', () => {
  it('are named once each, and the article is the default', () => {
    expect(new Set(windowsVersions.map(({ id }) => id)).size).toBe(windowsVersions.length)
    expect(new SimulatedProcess().settings.version.id).toBe(ARTICLE_VERSION)
    expect(() => processOf('12-x64')).toThrow('one of nt31')
    expect(() => new SimulatedProcess({ version: '10-x64', bits: 32 })).toThrow('64, as')
  })

  it('say why bytes are not there exactly where a layout lacks', () => {
    for (const { heap, profile, bits, noBytes } of windowsVersions) {
      if (heap !== 'segment-heap') expect(noBytes === undefined, profile).toBe(heap !== 'nt-xp')
      else {
        const build = BUILD_KEYS.find((key) => key === resolveRequest(heap, profile, {}).parameters['build'])!
        const layout = layoutOf(bits, build)
        expect(noBytes === undefined, profile).toBe(layout.has('HEAP_PAGE_RANGE_DESCRIPTOR') && layout.size('HEAP_PAGE_RANGE_DESCRIPTOR') > 0)
      }
    }
  })

  test.each(windowsVersions.map(({ id }) => id))('%s makes heaps of its manager and frees what it gives', (id) => {
    const process = processOf(id)
    const version = findWindowsVersion(id)!
    const data = process.malloc(100)
    const [heap] = process.heaps()
    const flavours = { 'kath-nt31': 'kath-nt31', 'nt-xp': 'nt-heap', 'nt-lfh': 'nt-heap', 'segment-heap': 'segment-heap' }
    expect([heap!.flavour, heap!.requestedBytes, process.settings.bits]).toEqual([flavours[version.heap], 100, version.bits])
    process.free(data)
    expect(process.heaps()[0]!.busyBlocks).toBe(0)
  })
})

describe('memory of the process', () => {
  test.each(OF_BYTES)('%s: a walker of dumps finds the blocks in nothing but the bytes', async (id) => {
    const process = processOf(id)
    process.heapCreate(0, 0, 0x40000)
    work(process, 300)
    const { held, damage } = await walkMemory(process)
    expect(damage).toEqual([])
    expect(held.length).toBeGreaterThan(60)
    expect(held).toEqual(heldBlocks(process, held))
  })

  test.each(['7-x86', '10-x64', '10-1607-x64-segment'])('%s: looking at it changes nothing', (id) => {
    const [looked, left] = [processOf(id), processOf(id)]
    work(looked, 150, () => looked.read(looked.getProcessHeap(), 16))
    work(left, 150, () => left.getProcessHeap())
    const { base, size, length } = left.regions()
    for (let row = 0; row < length; row++) {
      const bytes = looked.read(base.at(row), size.at(row))
      expect(Buffer.compare(bytes, left.read(base.at(row), size.at(row)))).toBe(0)
    }
    expect(looked.counters).toEqual(left.counters)
  })

  it('marks the bytes that a call changed and no others', () => {
    const process = processOf('10-x64')
    const first = process.malloc(40)
    process.trackWrites()
    process.read(first - 16, 64)
    expect(process.writtenBytes(first - 16, 64)).toEqual(new Uint8Array(64))
    process.malloc(40)
    // The header of the next block follows: 16 + 48 bytes on.
    expect(process.writtenBytes(first - 16, 48)).toEqual(new Uint8Array(48))
    expect(process.writtenBytes(first + 32, 16)).toContain(1)
  })

  it('has no headers where the layout is not known, and says so', () => {
    for (const id of ['xp-x86', '10-1507-x64-segment']) {
      const process = processOf(id)
      const data = process.malloc(5000)
      expect(process.read(data - 8, 8)).toEqual(new Uint8Array(8))
      expect(process.overlay(process.heaps()[0]!.handle, 16)[0]!.text).toContain('layout is not known')
    }
  })

  it.each([['11-22h2-x64-segment', 'allocated, first, VS, sub-segment'], ['10-1607-x64-segment', 'committed, allocated, first, VS sub-segment']])('names page range descriptors, %s', (id, flags) => {
    const process = processOf(id)
    const data = process.malloc(40)
    const segment = data - (data % 0x100000)
    const fields = process.overlay(segment, 0x80).filter(({ structure }) => structure === 'page range descriptor 2')
    expect(fields.find(({ field }) => field === 'flags')!.text).toBe(flags)
  })

  it('decodes headers for the hex view', () => {
    const process = processOf('10-x64')
    const data = process.malloc(40)
    const fields = process.overlay(data - 16, 16)
    expect(fields.find(({ field }) => field === 'size')!.text).toContain('48 bytes')
    expect(fields.find(({ field }) => field === 'checksum')!.text).toContain('right')
  })
})

describe('low-fragmentation heap', () => {
  // nt-heap.md 5.1: the 17th living block schedules the size, on a fresh heap its next request the front end (medium; Windows 7: low).
  test.each([['7-x86', 18], ['8.1-x64', 19], ['10-x64', 19], ['11-x64', 19]])('%s serves request %i of a size', (id, request) => {
    const process = processOf(id as string)
    expect(firstServed(process, process.getProcessHeap())).toBe(request)
  })

  // segment-heap.md 5: the 17th living one is served.
  it('serves the 17th living block of a size in a Segment Heap', () => {
    const process = processOf('10-2004-x64-segment')
    expect(firstServed(process, process.getProcessHeap())).toBe(17)
  })

  it('comes one request earlier when it is asked for', () => {
    const process = processOf('10-x64')
    const heap = process.getProcessHeap()
    expect(codeOf(process, 'HeapQueryInformation', heap, HeapCompatibilityInformation)).toBe(0)
    expect(process.output).toEqual({ kind: 'heap-information', value: 0 })
    expect(codeOf(process, 'HeapSetInformation', heap, HeapCompatibilityInformation, 2)).toBe(0)
    process.call('HeapQueryInformation', heap, HeapCompatibilityInformation)
    expect(process.output).toEqual({ kind: 'heap-information', value: 2 })
    expect(firstServed(process, heap)).toBe(18)
  })

  it('is not for heaps without locks or of fixed size, and never goes', () => {
    const process = processOf('10-x64')
    const [unlocked, fixed] = [process.heapCreate(HeapFlag.HEAP_NO_SERIALIZE, 0, 0), process.heapCreate(0, 0, 0x80000)]
    for (const heap of [unlocked, fixed]) {
      expect(firstServed(process, heap)).toBe(0)
      expect(codeOf(process, 'HeapSetInformation', heap, HeapCompatibilityInformation, 2)).toBe(Win32Error.ERROR_GEN_FAILURE)
      expect(codeOf(process, 'HeapSetInformation', heap, HeapCompatibilityInformation, 0)).toBe(0)
    }
    const heap = process.getProcessHeap()
    expect(codeOf(process, 'HeapSetInformation', heap, HeapCompatibilityInformation, 2)).toBe(0)
    expect(codeOf(process, 'HeapSetInformation', heap, HeapCompatibilityInformation, 0)).toBe(Win32Error.ERROR_GEN_FAILURE)
    expect(codeOf(process, 'HeapSetInformation', heap, HeapCompatibilityInformation, 1)).toBe(Win32Error.ERROR_INVALID_PARAMETER)
  })

  it('depends on the version whether a feature is there', () => {
    const codes = ['nt31', 'xp-x86', '7-x64', '8.1-x64'].map((id) => {
      const process = processOf(id)
      const heap = process.getProcessHeap()
      return [
        codeOf(process, 'HeapSetInformation', heap, HeapCompatibilityInformation, 2),
        codeOf(process, 'HeapSetInformation', 0, HeapEnableTerminationOnCorruption, 0),
        codeOf(process, 'HeapSetInformation', 0, HeapOptimizeResources, 0),
      ]
    })
    const { ERROR_CALL_NOT_IMPLEMENTED: missing, ERROR_INVALID_PARAMETER: unknown } = Win32Error
    expect(codes).toEqual([[missing, missing, missing], [missing, 0, unknown], [0, 0, unknown], [0, 0, 0]])
  })

  it('tells free slots as free entries and nothing of its own structures', () => {
    const process = processOf('10-x64')
    const heap = process.getProcessHeap()
    firstServed(process, heap)
    const kinds = new Map<string, number>()
    for (let index = 0; process.call('HeapWalk', heap, index) !== 0; index++) {
      const { output } = process
      if (output?.kind === 'heap-entry') kinds.set(output.value.kind, (kinds.get(output.value.kind) ?? 0) + 1)
    }
    // 19 slots of 48 bytes in a container of 1,024 (fixture F6 of the facts).
    expect([kinds.get('busy'), kinds.get('cached'), kinds.get('internal'), kinds.get('region')]).toEqual([19, 18, undefined, 1])
  })
})

describe('a program that writes over a header', () => {
  test.each(['7-x86', '10-x64'])('%s: is found by HeapValidate, and by HeapFree', (id) => {
    const process = processOf(id)
    const heap = process.getProcessHeap()
    const [data, other] = [process.malloc(100), process.malloc(40)]
    expect(process.heapValidate(heap, 0, data)).toBe(1)
    process.write(data - 8, Uint8Array.of(0x41, 0x41))
    expect([process.heapValidate(heap, 0, data), process.heapValidate(heap, 0, other), process.heapValidate(heap, 0)]).toEqual([0, 1, 0])
    expect(process.overlay(data - 8, 8).find(({ field }) => field === 'checksum')!.text).toContain('wrong')
    expect(process.heapFree(heap, 0, data)).toBe(0)
    expect(process.callError.code).toBe(Win32Error.ERROR_INVALID_PARAMETER)
    expect(process.heapFree(heap, 0, other)).toBe(1)
  })

  it('ends when it asked for that', () => {
    const process = processOf('11-x64')
    const data = process.malloc(100)
    process.call('HeapSetInformation', 0, HeapEnableTerminationOnCorruption)
    process.write(data - 8, Uint8Array.of(0x41))
    expect(() => process.free(data)).toThrow(RaisedException)
    expect(process.callAt(process.callCount - 1).exception).toBe(Status.STATUS_HEAP_CORRUPTION)
  })

  it('is found when it writes past the end of a block', () => {
    const process = processOf('10-x86')
    const data = process.malloc(24)
    process.malloc(24)
    process.write(data, new Uint8Array(24).fill(0x41))
    expect(process.heapValidate(process.getProcessHeap(), 0)).toBe(1)
    process.write(data, new Uint8Array(25).fill(0x41))
    expect(process.heapValidate(process.getProcessHeap(), 0)).toBe(0)
  })
})

describe('sizes and flags of HeapCreate', () => {
  it('makes a private heap of 64 KB without sizes, and pages that may run', () => {
    const process = processOf('7-x64')
    const handle = process.heapCreate(HeapFlag.HEAP_CREATE_ENABLE_EXECUTE, 0, 0)
    const [, heap] = process.heaps()
    expect([heap!.handle, heap!.reservedBytes, heap!.committedBytes]).toEqual([handle, 0x10000, 0x2000])
    process.virtualQuery(handle)
    expect(process.output).toMatchObject({ value: { protect: 0x40 } })
    expect(processOf('nt31').heapCreate(HeapFlag.HEAP_CREATE_ENABLE_EXECUTE, 0, 0)).toBe(0)
  })

  // nt-heap.md 1: VirtualMemoryThreshold 508 KB (x86), 1,020 KB (x64).
  test.each([['10-x86', 0x7f000], ['10-x64', 0xff000]])('%s: a heap of fixed size has no block above %i bytes', (id, threshold) => {
    const process = processOf(id as string)
    const fixed = process.heapCreate(0, 0, 0x400000)
    expect(process.heapAlloc(fixed, 0, (threshold as number) + 1)).toBe(0)
    expect(process.heapAlloc(fixed, 0, (threshold as number) - 64)).not.toBe(0)
    expect(process.heapAlloc(process.getProcessHeap(), 0, (threshold as number) + 1)).not.toBe(0)
  })

  it('makes an NT heap of fixed size in a Segment Heap process', () => {
    const process = processOf('10-2004-x64-segment')
    process.heapCreate(0, 0, 0x40000)
    process.heapCreate(0, 0, 0)
    expect(process.heaps().map(({ flavour }) => flavour)).toEqual(['segment-heap', 'nt-heap', 'segment-heap'])
  })
})
