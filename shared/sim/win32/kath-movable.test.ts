import { describe, expect, it } from 'vitest'
import { GlobalFlag, LocalFlag } from './constants'
import { SimulatedProcess } from './simulated-process'

/* Numbered behaviours of Global*, Local* and the table of movable handles; the list with sources is docs/kath.md. */
const { GMEM_MOVEABLE: MOVEABLE, GMEM_DISCARDABLE: DISCARDABLE, GMEM_ZEROINIT: ZEROINIT, GMEM_NODISCARD: NODISCARD, GMEM_NOCOMPACT: NOCOMPACT, GMEM_DDESHARE: DDESHARE, GMEM_MODIFY: MODIFY } = GlobalFlag
const TABLE = 0x000f0000

const entry = (process: SimulatedProcess, handle: number): number[] => [...process.read(handle - 4, 8)]
const many = (process: SimulatedProcess, count: number): number[] => Array.from({ length: count }, () => process.globalAlloc(MOVEABLE, 1))
const busyCount = (process: SimulatedProcess): number => process.heaps()[0]!.busyBlocks

/** A default heap of 64 KB that cannot grow. */
const tight = (compaction: 'none' | 'moveable' = 'none'): SimulatedProcess =>
  new SimulatedProcess({ compaction, defaultHeap: { reserveBytes: 0x10000, growable: false } })

describe('Global and Local', () => {
  const pairs = ['Alloc', 'Discard', 'Flags', 'Free', 'Handle', 'Lock', 'ReAlloc', 'Size', 'Unlock']

  it('K22 come in nine pairs', () => {
    for (const family of ['Global', 'Local']) {
      const process = new SimulatedProcess()
      const call = (name: string, ...args: number[]): number => process.call(family + name, ...args)
      const handle = call('Alloc', MOVEABLE, 10)
      const pointer = call('Lock', handle)
      const results = { Alloc: handle, Lock: pointer, Handle: call('Handle', pointer), Flags: call('Flags', handle), Unlock: call('Unlock', handle), Size: call('Size', handle) }
      expect(results).toEqual({ Alloc: TABLE + 4, Lock: pointer, Handle: handle, Flags: 1, Unlock: 0, Size: 10 })
      expect(process.lastError.code).toBe(0)
      expect([call('ReAlloc', handle, 20, MOVEABLE), call('Discard', handle), call('Flags', handle) & 0x4000, call('Free', handle)]).toEqual([handle, handle, 0x4000, 0])
      expect(new Set(Array.from({ length: process.callCount }, (_, i) => process.callAt(i).name.slice(family.length)))).toEqual(new Set(pairs))
    }
  })

  it('K23 take each other’s handles', () => {
    const process = new SimulatedProcess()
    const handle = process.localAlloc(MOVEABLE, 100)
    expect(process.globalReAlloc(handle, 200, MOVEABLE)).toBe(handle)
    const pointer = process.localLock(handle)
    expect(process.globalHandle(pointer)).toBe(handle)
    expect(process.call('LocalSize', handle)).toBe(200)
    expect([process.globalUnlock(handle), process.localFree(handle)]).toEqual([0, 0])
  })

  it('K24 know their flags, DISCARDABLE implies movable, DDESHARE is Global’s', () => {
    const process = new SimulatedProcess()
    expect(process.globalAlloc(0, 1)).toBeGreaterThanOrEqual(process.getProcessHeap())
    expect(process.handleTable.liveHandles).toBe(0)
    for (const flags of [MOVEABLE, DISCARDABLE, MOVEABLE | DDESHARE, MOVEABLE | ZEROINIT | NODISCARD | NOCOMPACT]) expect(process.globalAlloc(flags, 1)).not.toBe(0)
    expect(process.handleTable.liveHandles).toBe(4)
    expect(process.localAlloc(DDESHARE, 1)).toBe(0)
    expect(process.lastError.name).toBe('ERROR_INVALID_PARAMETER')
    expect(process.globalAlloc(0x10000, 1)).toBe(0)
  })

  it('K25 zero-fill with ZEROINIT', () => {
    const process = new SimulatedProcess()
    const used = process.globalAlloc(0, 100)
    process.call('FillMemory', used, 100, 0xee)
    process.globalFree(used)
    const again = process.globalAlloc(ZEROINIT, 100)
    expect(again).toBe(used)
    expect([...process.read(again, 100)]).toEqual(new Array(100).fill(0))
  })

  it.each([['NODISCARD', NODISCARD], ['NOCOMPACT', NOCOMPACT]])('K26 fail rather than discard with %s', (_name, flag) => {
    const process = tight()
    const handle = process.globalAlloc(DISCARDABLE, 0x8000)
    expect(process.globalAlloc(flag, 0x9000)).toBe(0)
    expect(process.globalFlags(handle)).toBe(0x100)
    expect(process.globalAlloc(0, 0x9000)).not.toBe(0)
    expect(process.globalFlags(handle)).toBe(0x4100)
    expect(process.globalLock(handle)).toBe(0)
    expect(process.lastError.name).toBe('ERROR_DISCARDED')
  })

  it('K26 neither discard nor move with NOCOMPACT', () => {
    const blocks = (process: SimulatedProcess): number[] => {
      const handles = Array.from({ length: 4 }, () => process.globalAlloc(MOVEABLE, 0x3000))
      process.globalFree(handles[0]!)
      process.globalFree(handles[2]!)
      return [handles[1]!, handles[3]!]
    }
    const process = tight('moveable')
    const [first] = blocks(process)
    const before = process.globalLock(first!)
    process.globalUnlock(first!)
    expect(process.globalAlloc(NOCOMPACT, 0x8000)).toBe(0)
    expect(process.globalLock(first!)).toBe(before)
    process.globalUnlock(first!)
    expect(process.globalAlloc(NODISCARD, 0x8000)).not.toBe(0)
    expect(process.globalLock(first!)).not.toBe(before)
  })

  it('K27 give a FIXED block as its pointer, usable at once', () => {
    const process = new SimulatedProcess()
    const pointer = process.globalAlloc(0, 10)
    expect(process.write(pointer, Uint8Array.of(1, 2, 3))).toBe(1)
    expect([process.globalLock(pointer), process.globalUnlock(pointer), process.globalHandle(pointer), process.globalFlags(pointer)]).toEqual([pointer, 1, pointer, 0])
    expect(process.globalFree(pointer)).toBe(0)
    expect(process.globalFree(pointer)).toBe(pointer)
    expect(process.lastError.name).toBe('ERROR_INVALID_HANDLE')
  })

  it('K28 neither move nor discard a locked block', () => {
    const process = tight('moveable')
    const [low, handle] = [process.globalAlloc(MOVEABLE, 0x1000), process.globalAlloc(DISCARDABLE, 0x1000)]
    const pointer = process.globalLock(handle)
    process.globalFree(low)
    process.call('GlobalCompact', 0)
    expect(process.globalDiscard(handle)).toBe(0)
    expect(process.globalReAlloc(handle, 0x8000, 0)).toBe(handle)
    expect(process.globalAlloc(0, 0xf000)).toBe(0)
    expect(process.globalHandle(pointer)).toBe(handle)
    process.globalUnlock(handle)
    process.call('GlobalCompact', 0)
    expect(process.globalLock(handle)).toBe(pointer - 0x1020)
  })

  it('K29 store one type whatever number the flag has', () => {
    const process = new SimulatedProcess()
    const [one, two] = [process.globalAlloc(GlobalFlag.GMEM_DISCARDABLE, 1), process.localAlloc(LocalFlag.LMEM_DISCARDABLE, 1)]
    expect(GlobalFlag.GMEM_DISCARDABLE).not.toBe(LocalFlag.LMEM_DISCARDABLE)
    expect(entry(process, one).slice(0, 4)).toEqual(entry(process, two).slice(0, 4))
    expect([process.globalFlags(two), process.call('LocalFlags', one)]).toEqual([0x100, 0xf00])
  })

  it('K30 leave blocks unmoved as NT does, unless the process is set to move them', () => {
    for (const compaction of ['none', 'moveable'] as const) {
      const process = tight(compaction)
      const [low, handle] = [process.globalAlloc(MOVEABLE, 0x1000), process.globalAlloc(MOVEABLE, 0x1000)]
      const pointer = process.globalLock(handle)
      process.globalUnlock(handle)
      process.globalFree(low)
      process.call('LocalCompact', 0)
      expect(process.globalLock(handle)).toBe(compaction === 'none' ? pointer : pointer - 0x1020)
    }
  })
})

describe('the table of movable handles', () => {
  it('K31 K32 K33 is made by the first MOVEABLE block, outside every heap: 512 KB reserved, one page committed', () => {
    const process = new SimulatedProcess()
    for (let i = 0; i < 10; i++) process.globalAlloc(0, 10)
    expect(process.handleTable).toMatchObject({ base: 0, reservedBytes: 0, committedPages: 0 })
    expect(process.owners()).not.toContain('handle table')
    process.globalAlloc(MOVEABLE, 10)
    expect(process.handleTable).toMatchObject({ base: TABLE, reservedBytes: 524288, committedPages: 1 })
    for (const { segments } of process.heaps()) for (const { base, reservedBytes } of segments) expect(TABLE >= base + reservedBytes || TABLE + 524288 <= base).toBe(true)
  })

  it('K34 has entries of 8 bytes, 512 in a page', () => {
    const handles = many(new SimulatedProcess(), 600)
    expect(handles.map((handle) => (handle - 4 - TABLE) / 8)).toEqual(handles.map((_, i) => i))
    expect(handles[512]! - 4).toBe(TABLE + 4096)
  })

  it('K35 names an entry by its address plus 4', () => {
    expect(many(new SimulatedProcess(), 17).map((handle) => handle.toString(16)).filter((_, i) => i === 0 || i === 16)).toEqual(['f0004', 'f0084'])
  })

  it('K36 holds lock count, type and the address of the data, little endian', () => {
    const process = new SimulatedProcess({ linkerText: '/HEAP:0x10000,0x1000' })
    process.malloc(0x2a60 - 16 - 3)
    const handle = process.globalAlloc(MOVEABLE, 1)
    expect(process.globalLock(handle)).toBe(0x00042a70)
    expect(entry(process, handle)).toEqual([0x01, 0x00, 0x02, 0x00, 0x70, 0x2a, 0x04, 0x00])
  })

  it('K37 changes only the address when the block moves', () => {
    const process = new SimulatedProcess()
    const handle = process.globalAlloc(MOVEABLE, 16)
    process.malloc(16)
    const before = entry(process, handle)
    expect(process.globalReAlloc(handle, 1000, 0)).toBe(handle)
    const after = entry(process, handle)
    expect(after.slice(0, 4)).toEqual(before.slice(0, 4))
    expect(after.slice(4)).not.toEqual(before.slice(4))
    expect(process.globalSize(handle)).toBe(1000)
  })

  it('K38 marks MOVEABLE as 02, DISCARDABLE as 06, DDESHARE as 08 in the next byte', () => {
    const process = new SimulatedProcess()
    const types = [MOVEABLE, DISCARDABLE, MOVEABLE | DDESHARE, DISCARDABLE | DDESHARE].map((flags) => entry(process, process.globalAlloc(flags, 1)).slice(2, 4))
    expect(types).toEqual([[2, 0], [6, 0], [2, 8], [6, 8]])
    const made = process.globalAlloc(MOVEABLE, 1)
    expect(process.globalReAlloc(made, 0, MODIFY | DISCARDABLE)).toBe(made)
    expect(entry(process, made).slice(2, 4)).toEqual([6, 0])
  })

  it('K39 initialises sixteen entries at a time and leaves the rest of the page zero', () => {
    const process = new SimulatedProcess()
    many(process, 16)
    expect(process.handleTable.initialisations).toBe(1)
    const page = process.read(TABLE, 4096)
    for (let line = 0; line < 256; line++) expect(page.subarray(16 * line, 16 * line + 16).some((byte) => byte !== 0)).toBe(line < 8)
  })

  it('K40 writes exactly 128 bytes with the 17th handle: 8 lines', () => {
    const process = new SimulatedProcess()
    many(process, 16)
    process.trackWrites()
    const handle = process.globalAlloc(MOVEABLE, 1)
    const written = process.writtenBytes(TABLE, 524288)
    expect(written.reduce((sum, mark) => sum + mark, 0)).toBe(128)
    expect([written.indexOf(1), written.lastIndexOf(1)]).toEqual([0x80, 0xff])
    expect(handle).toBe(TABLE + 0x84)
    many(process, 1)
    process.trackWrites()
    many(process, 1)
    expect(process.writtenBytes(TABLE, 524288).reduce((sum, mark) => sum + mark, 0)).toBe(8)
  })

  it('K41 chains free entries, the last initialised one ends with null', () => {
    const process = new SimulatedProcess()
    many(process, 1)
    for (let index = 1; index < 16; index++) {
      const next = index < 15 ? TABLE + 8 * (index + 1) : 0
      expect(entry(process, TABLE + 8 * index + 4)).toEqual([0, 0, 0, 0, next & 0xff, (next >> 8) & 0xff, (next >> 16) & 0xff, 0])
    }
  })

  it('K42 initialises sixteen more when the chain is at its end', () => {
    const process = new SimulatedProcess()
    many(process, 16)
    expect(process.handleTable).toMatchObject({ freeHead: 0, initialisations: 1 })
    many(process, 1)
    expect(process.handleTable).toMatchObject({ freeHead: TABLE + 8 * 17, initialisations: 2 })
  })

  it('K43 takes the entry freed last first', () => {
    const process = new SimulatedProcess()
    const handles = many(process, 20)
    const head = process.handleTable.freeHead
    for (const i of [3, 9, 5]) process.globalFree(handles[i]!)
    expect(process.handleTable.freeHead).toBe(handles[5]! - 4)
    expect(entry(process, handles[3]!).slice(4)).toEqual([head & 0xff, (head >> 8) & 0xff, (head >> 16) & 0xff, 0])
    expect(many(process, 4)).toEqual([handles[5], handles[9], handles[3], head + 4])
  })

  it.each([[1, 1, 1], [16, 1, 1], [17, 2, 1], [512, 32, 1], [513, 33, 2], [1000, 63, 2], [8192, 512, 16]])(
    'K44 has for %i handles %i initialisations and %i pages',
    (handles, initialisations, committedPages) => {
      const process = new SimulatedProcess()
      many(process, handles)
      expect(process.handleTable).toMatchObject({ initialisations, committedPages })
    },
  )

  it('K45 ends at 65,535 handles; FIXED blocks go on', () => {
    const process = new SimulatedProcess()
    let last = 0
    for (let i = 0; i < 65535; i++) last = process.globalAlloc(MOVEABLE, 1)
    expect(last).toBe(TABLE + 8 * 65534 + 4)
    expect(process.handleTable).toMatchObject({ initialisations: 4096, committedPages: 128, liveHandles: 65535 })
    const busy = busyCount(process)
    expect(process.localAlloc(MOVEABLE, 1)).toBe(0)
    expect(process.lastError.name).toBe('ERROR_NOT_ENOUGH_MEMORY')
    expect(busyCount(process)).toBe(busy)
    expect(process.globalAlloc(0, 1)).not.toBe(0)
    process.globalFree(last)
    expect(process.globalAlloc(MOVEABLE, 1)).toBe(last)
    const whole = new SimulatedProcess({ handleLimit: 3 })
    expect(many(whole, 4).map((handle) => handle !== 0)).toEqual([true, true, true, false])
  })

  it.each([255, 256])('K46 K47 stops counting at %i locks: as many unlocks free the block although more locks were taken', (lockMaximum) => {
    const process = new SimulatedProcess({ lockMaximum, compaction: 'moveable', fillLetters: true })
    const [low, handle] = [process.globalAlloc(MOVEABLE, 100), process.globalAlloc(MOVEABLE, 100)]
    const pointer = process.globalLock(handle)
    for (let i = 1; i < 257; i++) expect(process.globalLock(handle)).toBe(pointer)
    expect(entry(process, handle)[0]).toBe(0xff)
    expect(process.globalFlags(handle) & 0xff).toBe(0xff)
    process.globalFree(low)
    for (let i = 1; i < lockMaximum; i++) expect(process.globalUnlock(handle)).toBe(1)
    process.call('GlobalCompact', 0)
    expect(process.globalHandle(pointer)).toBe(handle)
    expect(process.globalUnlock(handle)).toBe(0)
    expect(entry(process, handle)[0]).toBe(0)
    expect(process.globalUnlock(handle)).toBe(0)
    expect(process.lastError.name).toBe('ERROR_NOT_LOCKED')
    process.call('GlobalCompact', 0)
    expect(process.globalLock(handle)).toBe(pointer - 128)
  })

  it('K48 can refuse the lock beyond the limit', () => {
    const process = new SimulatedProcess({ strictLocks: true })
    const [handle] = many(process, 1)
    for (let i = 0; i < 255; i++) expect(process.globalLock(handle!)).not.toBe(0)
    expect(process.globalLock(handle!)).toBe(0)
    expect(process.globalFlags(handle!) & 0xff).toBe(255)
  })

  it('K49 costs 40 bytes per block of 1 byte', () => {
    const process = new SimulatedProcess()
    const consumed = (): number => process.heaps()[0]!.consumedBytes
    many(process, 16)
    const [bytes, initialisations] = [consumed(), process.handleTable.initialisations]
    many(process, 16)
    expect((consumed() - bytes) / 16 + ((process.handleTable.initialisations - initialisations) * 128) / 16).toBe(40)
  })

  it('has entries of 16 bytes and 1 MB where pointers have 64 bits', () => {
    const process = new SimulatedProcess({ bits: 64 })
    const [first, second] = many(process, 2)
    expect([first, second! - first!, process.handleTable.reservedBytes]).toEqual([TABLE + 8, 16, 1 << 20])
    const data = process.globalLock(first!)
    expect([...process.read(first!, 8)]).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map((i) => Math.floor(data / 256 ** i) % 256))
  })
})
