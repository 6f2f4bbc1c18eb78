import { describe, expect, it } from 'vitest'
import { RegionState } from '../../model/region-table'
import { PAGE_BYTES } from '../../base/units'
import { MemoryState, Protection } from '../vm/memory-constants'
import { RaisedException, Status, Win32Error } from './error-codes'
import { SimulatedProcess } from './simulated-process'

/*
 * Numbered behaviours of R. Kath, "Managing Heap Memory in Win32" (1993), and of two shorter texts on NT heaps; the
 * list with sources is docs/kath.md. Movable memory is in kath-movable.test.ts, the figures in kath-figures.test.ts.
 */
const MIB = 0x100000
const RESERVE = 0x2000
const COMMIT = 0x1000
const RW = Protection.PAGE_READWRITE

/** State of the page at an address, as VirtualQuery tells. */
function stateAt(process: SimulatedProcess, address: number): number {
  process.virtualQuery(address)
  const { output } = process
  if (output?.kind !== 'memory-information') throw new Error('VirtualQuery gives memory information')
  return output.value.state
}

const defaultOf = (process: SimulatedProcess) => process.heaps().find((heap) => heap.isDefault)!

describe('environment', () => {
  it('K1 commits whole pages of 4,096 bytes, at least one per heap', () => {
    const process = new SimulatedProcess()
    expect(defaultOf(process).committedBytes).toBe(4096)
    expect(process.heaps()[0]!.segments[0]!.committedBytes).toBe(PAGE_BYTES)
    process.heapCreate(0, 1, MIB)
    expect(process.heaps()[1]!.committedBytes).toBe(4096)
  })

  it('K2 gives a process 2 GB of address space', () => {
    const process = new SimulatedProcess({ surroundings: 'none', defaultHeap: null })
    let at = 0
    while (process.virtualQuery(at) !== 0) at += process.output?.kind === 'memory-information' ? process.output.value.regionBytes : NaN
    expect(at).toBe(2 ** 31)
  })

  it('K3 reserves in steps of 16 pages', () => {
    const process = new SimulatedProcess({ surroundings: 'none', defaultHeap: null })
    const first = process.virtualAlloc(0, 1, RESERVE, RW)
    expect(process.virtualAlloc(0, 1, RESERVE, RW) - first).toBe(65536)
  })

  it('K5 shows heap pages in the memory map like any other', () => {
    const process = new SimulatedProcess()
    const heap = process.heapCreate(0, 0x2000, MIB)
    expect(stateAt(process, heap)).toBe(MemoryState.MEM_COMMIT)
    expect(stateAt(process, heap + 0x2000)).toBe(MemoryState.MEM_RESERVE)
    const { regions, owners } = { regions: process.regions(), owners: process.owners() }
    const rows = Array.from({ length: regions.length }, (_, row) => row).filter((row) => owners[regions.owner.at(row)] === 'heap 1, segment 1')
    expect(rows.map((row) => [regions.base.at(row), regions.size.at(row), regions.state.at(row)])).toEqual([
      [heap, 0x2000, RegionState.Committed],
      [heap + 0x2000, MIB - 0x2000, RegionState.Reserved],
    ])
  })

  it('K6 fails when either address space or page file runs out', () => {
    const noPages = new SimulatedProcess({ surroundings: 'none', memory: { physicalBytes: MIB, pageFileBytes: 0 } })
    const heap = noPages.getProcessHeap()
    expect(noPages.heapAlloc(heap, 0, MIB)).toBe(0)
    expect(noPages.virtualAlloc(0, 2 * MIB, COMMIT, RW)).toBe(0)
    expect(noPages.lastError.name).toBe('ERROR_COMMITMENT_LIMIT')
    expect(noPages.virtualAlloc(0, 2 * MIB, RESERVE, RW)).not.toBe(0)
    const noSpace = new SimulatedProcess({ surroundings: 'none' })
    while (noSpace.virtualAlloc(0, 16 * MIB, RESERVE, RW) !== 0);
    while (noSpace.virtualAlloc(0, 65536, RESERVE, RW) !== 0);
    expect(noSpace.counters.commitChargeBytes).toBeLessThan(MIB)
    expect(noSpace.heapAlloc(noSpace.getProcessHeap(), 0, 2 * MIB)).toBe(0)
  })
})

describe('default heap', () => {
  it('K7 is one, from start to end', () => {
    const process = new SimulatedProcess()
    const heap = process.getProcessHeap()
    expect(heap).not.toBe(0)
    expect(process.heapDestroy(heap)).toBe(0)
    expect(process.getProcessHeap()).toBe(heap)
    expect(process.heaps().filter((known) => known.isDefault)).toHaveLength(1)
  })

  it('K8 serves GlobalAlloc, LocalAlloc and malloc side by side', () => {
    const process = new SimulatedProcess()
    const pointers = [process.globalAlloc(0, 8), process.localAlloc(0, 8), process.malloc(8), process.heapAlloc(process.getProcessHeap(), 0, 8), process.globalAlloc(0, 8)]
    expect(pointers).toEqual([0, 1, 2, 3, 4].map((i) => process.getProcessHeap() + 16 + 32 * i))
  })

  it('K9 takes reserve and commit from the header of the executable', () => {
    const process = new SimulatedProcess({ defaultHeap: { reserveBytes: 0x200000, commitBytes: 0x3000 } })
    expect([defaultOf(process).reservedBytes, defaultOf(process).committedBytes]).toEqual([0x200000, 0x3000])
  })

  it('K10 has 1 MB and one page when the linker is told nothing', () => {
    const { reservedBytes, committedBytes } = defaultOf(new SimulatedProcess())
    expect([reservedBytes, committedBytes]).toEqual([0x100000, 0x1000])
  })

  it.each(['/HEAP:0x10000,0x1000', 'HEAPSIZE 0x10000 0x1000'])('K11 reads %s as 64 KB and 4 KB', (linkerText) => {
    const { reservedBytes, committedBytes } = defaultOf(new SimulatedProcess({ linkerText }))
    expect([reservedBytes, committedBytes]).toEqual([0x10000, 0x1000])
  })

  it.each([1, 0x1000, 0x12345])('K12 K13 takes any reserve (%i) and raises it to 16 pages at least', (reserve) => {
    expect(defaultOf(new SimulatedProcess({ linkerText: `/HEAP:${reserve}` })).reservedBytes).toBe(Math.max(65536, Math.ceil(reserve / 4096) * 4096))
  })

  it('K14 can write the commit as the second beta linker did', () => {
    const options = { linkerText: '/HEAP:0x100000,0x8000' }
    expect(defaultOf(new SimulatedProcess(options)).committedBytes).toBe(0x8000)
    expect(defaultOf(new SimulatedProcess({ ...options, betaLinker: true })).committedBytes).toBe(0x1000)
  })

  it('K15 commits whole pages inside its reserve as requests come', () => {
    const process = new SimulatedProcess()
    process.malloc(10_000)
    const heap = defaultOf(process)
    expect([heap.committedBytes, heap.segments.length]).toEqual([3 * 4096, 1])
  })

  it('K16 K75 reserves one more range of 1 MB elsewhere and commits only what the request needs', () => {
    const process = new SimulatedProcess()
    const before = process.counters.reservations
    process.malloc(MIB - 0x2000)
    expect(process.counters.reservations).toBe(before)
    process.malloc(0x3000)
    expect(process.counters.reservations).toBe(before + 1)
    expect(defaultOf(process).segments[1]).toMatchObject({ reservedBytes: MIB, committedBytes: 0x4000 })
  })

  it('K17 serves from all ranges together and grows until address space ends', () => {
    const process = new SimulatedProcess()
    const blocks: number[] = []
    for (let pointer = process.malloc(MIB - 64); pointer !== 0; pointer = process.malloc(MIB - 64)) blocks.push(pointer)
    expect(blocks.length).toBeGreaterThan(2000)
    expect(process.lastError.code).toBe(Win32Error.ERROR_NOT_ENOUGH_MEMORY)
    process.free(blocks[700]!)
    expect(process.malloc(MIB - 64)).toBe(blocks[700])
  })

  it('K18 is contiguous within a range, not across ranges', () => {
    const process = new SimulatedProcess()
    process.virtualAlloc(0x270000, 65536, RESERVE, RW)
    for (let i = 0; i < 3; i++) process.malloc(900_000)
    const { segments } = defaultOf(process)
    expect(segments).toHaveLength(3)
    expect(segments[1]!.base).not.toBe(segments[0]!.base + segments[0]!.reservedBytes)
    const blocks = process.walkHeap(process.getProcessHeap()).filter((entry) => entry.kind !== 'region')
    for (const [i, entry] of blocks.entries()) {
      const next = blocks[i + 1]
      if (next?.region === entry.region) expect(next.address).toBe(entry.address + entry.consumedBytes)
    }
  })

  it('K19 behaves alike with a larger reserve, which only saves reservations', () => {
    const small = new SimulatedProcess()
    const large = new SimulatedProcess({ defaultHeap: { reserveBytes: 8 * MIB } })
    const count = (process: SimulatedProcess): number => {
      const before = process.counters.reservations
      for (let i = 0; i < 40; i++) expect(process.malloc(100_000)).not.toBe(0)
      return process.counters.reservations - before
    }
    expect([count(small), count(large)]).toEqual([3, 0])
    expect(defaultOf(small).requestedBytes).toBe(defaultOf(large).requestedBytes)
  })

  /** Numbers of the requests of 100 bytes that committed a page. */
  const committingRequests = (process: SimulatedProcess, requests: number): number[] =>
    Array.from({ length: requests }, (_, i) => i + 1).filter(() => {
      const before = process.counters.commits
      process.malloc(100)
      return process.counters.commits > before
    })

  it('K20 without overhead commits a page at request 41 of 100 bytes', () => {
    const ideal = new SimulatedProcess({ shape: { headerBytes: 0, granuleBytes: 1, tailBytes: 0 } })
    expect(committingRequests(ideal, 123)).toEqual([41, 82, 123])
  })

  it('K21 with overhead commits a page at request 33', () => {
    expect(committingRequests(new SimulatedProcess(), 97)).toEqual([33, 65, 97])
  })
})

describe('private heaps and the C runtime', () => {
  it('K50 reserves 1 MB and commits two pages for HeapCreate(0, 0x2000, 0x100000)', () => {
    const process = new SimulatedProcess()
    process.heapCreate(0, 0x2000, 0x100000)
    expect(process.heaps()[1]).toMatchObject({ reservedBytes: 0x100000, committedBytes: 0x2000 })
  })

  it('K51 K77 knows many heaps by different handles, the default heap among them', () => {
    const process = new SimulatedProcess()
    const handles = [process.getProcessHeap(), ...Array.from({ length: 20 }, () => process.heapCreate(0, 0, MIB))]
    expect(new Set(handles).size).toBe(21)
    for (const handle of handles) expect(process.heapAlloc(handle, 0, 10)).toBe(handle + 16)
    expect(process.call('GetProcessHeaps', 64)).toBe(21)
    expect(process.output).toEqual({ kind: 'heaps', value: handles })
  })

  it('K52 grows a heap whose maximum is 0', () => {
    const process = new SimulatedProcess()
    const heap = process.heapCreate(0, 0, 0)
    for (let i = 0; i < 3; i++) expect(process.heapAlloc(heap, 0, 900_000)).not.toBe(0)
    expect(process.heaps()[1]!.segments.map((segment) => segment.reservedBytes)).toEqual([MIB, MIB, MIB])
  })

  it('K53 never grows a heap beyond its maximum', () => {
    const process = new SimulatedProcess()
    const heap = process.heapCreate(0, 0, 0x10000)
    expect(process.heapAlloc(heap, 0, 0x8000)).not.toBe(0)
    expect(process.heapAlloc(heap, 0, 0x8000)).toBe(0)
    expect(process.lastError.name).toBe('ERROR_NOT_ENOUGH_MEMORY')
    expect(process.heaps()[1]!.reservedBytes).toBe(0x10000)
  })

  it('K54 keeps a second thread out of a locked heap unless it is not serialised', () => {
    const process = new SimulatedProcess()
    const heap = process.heapCreate(0, 0, 0)
    expect(process.heapLock(heap)).toBe(1)
    process.call('SwitchToThread', 1)
    expect(process.heapAlloc(heap, 0, 1)).toBe(0)
    expect(process.lastError.name).toBe('ERROR_POSSIBLE_DEADLOCK')
    expect(process.heapAlloc(heap, 1, 1)).not.toBe(0)
    process.call('SwitchToThread', 0)
    expect(process.heapAlloc(heap, 0, 1)).not.toBe(0)
    expect([process.heapUnlock(heap), process.heapUnlock(heap)]).toEqual([1, 0])
  })

  it('K55 zero-fills with ZERO_MEMORY and raises with GENERATE_EXCEPTIONS', () => {
    const process = new SimulatedProcess()
    const heap = process.heapCreate(0, 0, 0x10000)
    const used = process.heapAlloc(heap, 0, 64)
    process.call('FillMemory', used, 64, 0xcc)
    process.heapFree(heap, 0, used)
    const zeroed = process.heapAlloc(heap, 8, 64)
    expect(zeroed).toBe(used)
    expect([...process.read(zeroed, 64)]).toEqual(new Array(64).fill(0))
    expect(process.heapAlloc(heap, 0, MIB)).toBe(0)
    expect(() => process.heapAlloc(heap, 4, MIB)).toThrow(RaisedException)
    expect(process.callAt(process.callCount - 1).exception).toBe(Status.STATUS_NO_MEMORY)
    const raising = process.heapCreate(4, 0, 0x10000)
    expect(() => process.heapAlloc(raising, 0, MIB)).toThrow('STATUS_NO_MEMORY')
    expect(process.heapValidate(raising, 0)).toBe(1)
  })

  it('K56 K58 moves a block only in HeapReAlloc, with its contents and no other', () => {
    const process = new SimulatedProcess()
    const heap = process.heapCreate(0, 0, 0)
    const [a, b] = [process.heapAlloc(heap, 0, 40), process.heapAlloc(heap, 0, 40)]
    process.call('FillMemory', a, 40, 0x41)
    process.call('FillMemory', b, 40, 0x42)
    const moved = process.heapReAlloc(heap, 0, a, 4000)
    expect(moved).not.toBe(a)
    expect([...process.read(moved, 40)]).toEqual(new Array(40).fill(0x41))
    expect([...process.read(b, 40)]).toEqual(new Array(40).fill(0x42))
    const busy = (): number[] => process.walkHeap(heap).filter((entry) => entry.kind === 'busy').map((entry) => entry.data)
    for (let i = 0; i < 50; i++) process.heapAlloc(heap, 0, i * 7)
    process.heapCompact(heap, 0)
    expect(busy()).toContain(b)
    expect(busy()).toContain(moved)
  })

  it('K57 leaves the block alone when REALLOC_IN_PLACE_ONLY finds no room', () => {
    const process = new SimulatedProcess()
    const heap = process.heapCreate(0, 0, 0)
    const [a] = [process.heapAlloc(heap, 0, 40), process.heapAlloc(heap, 0, 40)]
    const before = process.walkHeap(heap)
    expect(process.heapReAlloc(heap, 0x10, a, 4000)).toBe(0)
    expect(process.walkHeap(heap)).toEqual(before)
    expect(process.heapReAlloc(heap, 0x10, a, 20)).toBe(a)
  })

  it('K59 frees one block with HeapFree, once, and only in its own heap', () => {
    const process = new SimulatedProcess()
    const [heap, other] = [process.heapCreate(0, 0, 0), process.heapCreate(0, 0, 0)]
    const [a, b] = [process.heapAlloc(heap, 0, 40), process.heapAlloc(heap, 0, 40)]
    expect(process.heapFree(other, 0, a)).toBe(0)
    expect(process.heapFree(heap, 0, a)).toBe(1)
    expect(process.heapFree(heap, 0, a)).toBe(0)
    expect(process.lastError.name).toBe('ERROR_INVALID_PARAMETER')
    expect(process.heapSize(heap, 0, b)).toBe(40)
  })

  it('K60 destroys a heap with live blocks and returns its address space', () => {
    const process = new SimulatedProcess()
    const before = process.counters
    const heap = process.heapCreate(0, 0, 0)
    for (let i = 0; i < 100; i++) process.heapAlloc(heap, 0, 50_000)
    expect(process.heapDestroy(heap)).toBe(1)
    expect(process.counters).toMatchObject({ reservedBytes: before.reservedBytes, committedBytes: before.committedBytes, commitChargeBytes: before.commitChargeBytes })
    expect(process.heapAlloc(heap, 0, 1)).toBe(0)
    expect(process.heapDestroy(heap)).toBe(0)
    expect(process.lastError.name).toBe('ERROR_INVALID_HANDLE')
  })

  it('K61 lets malloc make fixed blocks of the default heap', () => {
    const process = new SimulatedProcess()
    const [a, b] = [process.malloc(1), process.malloc(14)]
    expect([b - a, process.malloc(1) - b]).toEqual([32, 48])
    expect(process.globalSize(b)).toBe(14)
    expect(process.globalFree(a)).toBe(0)
    expect(process.heapFree(process.getProcessHeap(), 0, b)).toBe(1)
  })

  it('K62 tells the requested size', () => {
    const process = new SimulatedProcess()
    for (const bytes of [0, 1, 3, 14, 100]) {
      expect(process.heapSize(process.getProcessHeap(), 0, process.malloc(bytes))).toBe(bytes)
      expect(process.globalSize(process.globalAlloc(2, bytes))).toBe(bytes)
      expect(process.call('LocalSize', process.localAlloc(0, bytes))).toBe(bytes)
    }
  })

  it('K74 begins with 1 MB, more by /HEAP, and expands', () => {
    expect(defaultOf(new SimulatedProcess()).reservedBytes).toBe(MIB)
    const process = new SimulatedProcess({ linkerText: '/HEAP:0x400000' })
    expect(defaultOf(process).reservedBytes).toBe(4 * MIB)
    expect(process.malloc(5 * MIB)).not.toBe(0)
  })

  it('K76 gives a private heap pages of the calling process, with initial and maximum size', () => {
    const process = new SimulatedProcess()
    const heap = process.heapCreate(0, 1, 5000, "document 'sqlite'")
    expect(process.heaps()[1]).toMatchObject({ handle: heap, name: "document 'sqlite' heap", committedBytes: 4096, reservedBytes: 8192 })
    expect(process.owners()).toContain("document 'sqlite' heap, segment 1")
  })

  it('K78 has a granularity that depends on the profile, 64 KB for VirtualAlloc', () => {
    for (const [bits, granule] of [[32, 8], [64, 16]] as const) {
      const process = new SimulatedProcess({ bits, shape: { headerBytes: granule, granuleBytes: granule, tailBytes: 0 } })
      const pointers = [1, 9, 17, 5].map((bytes) => process.malloc(bytes))
      expect(pointers.map((pointer) => pointer % granule)).toEqual([0, 0, 0, 0])
      expect(pointers[1]! - pointers[0]!).toBe(2 * granule)
      expect(process.virtualAlloc(0, 1, RESERVE, RW) % 65536).toBe(0)
    }
  })
})

describe('what the shorter texts add', () => {
  it('K80 merges freed neighbours and gives a piece that fits', () => {
    const process = new SimulatedProcess()
    const heap = process.heapCreate(0, 0, 0)
    const [a, b, c] = [100, 100, 100, 100].map((bytes) => process.heapAlloc(heap, 0, bytes))
    process.heapFree(heap, 0, a!)
    process.heapFree(heap, 0, c!)
    const free = (): number[] => process.walkHeap(heap).filter((entry) => entry.kind === 'free').map((entry) => entry.consumedBytes)
    expect(free()).toEqual([128, 128, 4096 - 512])
    process.heapFree(heap, 0, b!)
    expect(free()).toEqual([384, 4096 - 512])
    expect(process.heapAlloc(heap, 0, 300)).toBe(a)
  })

  it('K82 keeps what nobody frees', () => {
    const process = new SimulatedProcess()
    for (let i = 0; i < 1000; i++) {
      process.malloc(100)
      process.free(process.malloc(100))
    }
    expect(defaultOf(process)).toMatchObject({ busyBlocks: 1000, requestedBytes: 100_000, committedBytes: 32 * 4096 })
  })

  it('K83 keeps processes apart, protects pages and shares mapped ones', () => {
    const [one, two] = [new SimulatedProcess(), new SimulatedProcess()]
    const page = one.virtualAlloc(0, 1, COMMIT, RW)
    one.write(page, Uint8Array.of(1, 2, 3))
    expect(two.read(page, 3)).toHaveLength(0)
    one.virtualProtect(page, 1, Protection.PAGE_READONLY)
    expect(() => one.write(page, Uint8Array.of(9))).toThrow('STATUS_ACCESS_VIOLATION')
    const section = one.createFileMapping(RW, 8192)
    const [first, second] = [one.mapViewOfFile(section, 2), one.mapViewOfFile(section, 4)]
    one.write(first + 5000, Uint8Array.of(7))
    expect([...one.read(second + 5000, 1)]).toEqual([7])
  })

  it('K84 charges promised pages against memory and page file, and counts resident ones', () => {
    const process = new SimulatedProcess({ surroundings: 'none', defaultHeap: null })
    const base = process.virtualAlloc(0, 64 * 4096, RESERVE, RW)
    expect(process.counters.commitChargeBytes).toBe(0)
    process.virtualAlloc(base, 64 * 4096, COMMIT, RW)
    expect(process.counters).toMatchObject({ commitChargeBytes: 64 * 4096, residentPages: 0 })
    process.write(base + 4096, Uint8Array.of(1))
    expect(process.counters).toMatchObject({ residentPages: 1, demandZeroFaults: 1 })
  })

  it('K85 locks the heap that threads share: see threads.test.ts for waiting and races', () => {
    const process = new SimulatedProcess()
    const heap = process.getProcessHeap()
    const pointer = process.malloc(10)
    process.call('SwitchToThread', 7)
    expect(process.heapFree(heap, 0, pointer)).toBe(1)
  })

  it('K86 fails for want of contiguous room, not of room', () => {
    const process = new SimulatedProcess()
    const heap = process.heapCreate(0, 0, 0x10000)
    const blocks: number[] = []
    for (let pointer = process.heapAlloc(heap, 0, 1000); pointer !== 0; pointer = process.heapAlloc(heap, 0, 1000)) blocks.push(pointer)
    for (let i = 0; i < blocks.length; i += 2) process.heapFree(heap, 0, blocks[i]!)
    const { freeBytes, largestFreeBytes } = process.heaps()[1]!
    expect(freeBytes).toBeGreaterThan(0x7000)
    expect(largestFreeBytes).toBeLessThan(2000)
    expect(process.heapAlloc(heap, 0, 2000)).toBe(0)
  })

  it('K87 looks at more free blocks the more fragmented the heap is', () => {
    const examined = (everyOther: boolean): number => {
      const process = new SimulatedProcess()
      const heap = process.heapCreate(0, 0, 0)
      const blocks = Array.from({ length: 200 }, () => process.heapAlloc(heap, 0, 50))
      for (const [i, block] of blocks.entries()) if (!everyOther || i % 2 === 0) process.heapFree(heap, 0, block)
      const before = process.heaps()[1]!.examinedBlocks!
      process.heapAlloc(heap, 0, 500)
      return process.heaps()[1]!.examinedBlocks! - before
    }
    expect([examined(false), examined(true)]).toEqual([1, 101])
  })
})
