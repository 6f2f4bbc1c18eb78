import { expect } from 'vitest'
import { checkSnapshot } from '../../../model/integrity'
import { RegionState } from '../../../model/region-table'
import { Protection } from '../../vm/memory-constants'
import { RaisedException } from '../error-codes'
import type { ProcessOptions } from '../process-types'
import { SimulatedProcess } from '../simulated-process'

interface Block {
  bytes: number
  letter: number
}

interface Movable extends Block {
  locks: number
  data: number
  discarded: boolean
  discardable: boolean
}

interface Section {
  readonly bytes: number
  references: number
}

/** One random step: what to do, and numbers to choose operands by. */
export interface Step {
  readonly kind: number
  readonly pick: number
  readonly size: number
  readonly flags: number
}

const PAGE = 4096
const REGION_GRANULE = 65536

/**
 * Carries out random calls in a simulated process and, beside it, in the simplest model that could be right: maps of
 * what is alive, with a letter per block that its bytes must keep.
 */
export class ProcessModel {
  readonly process: SimulatedProcess
  readonly #blocks = new Map<number, Map<number, Block>>()
  readonly #movables = new Map<number, Movable>()
  readonly #reservations = new Map<number, { bytes: number; committed: Set<number> }>()
  readonly #sections = new Map<number, Section>()
  readonly #views = new Map<number, { section: Section; bytes: number; copies: boolean }>()
  /** Addresses and handles that are no longer alive. */
  readonly #dead: number[] = [0, 1, 0x7fffffff, 0xffffffff, 0x123457]
  #letter = 0
  readonly #default: number

  constructor(options: ProcessOptions = {}) {
    this.process = new SimulatedProcess(options)
    this.#default = this.process.getProcessHeap()
    this.#blocks.set(this.#default, new Map())
  }

  step(step: Step): void {
    const actions = [
      this.#alloc, this.#alloc, this.#alloc, this.#free, this.#free, this.#realloc, this.#create, this.#destroy,
      this.#globalAlloc, this.#globalAlloc, this.#globalFree, this.#globalReAlloc, this.#lock, this.#unlock, this.#discard,
      this.#reserve, this.#commit, this.#decommit, this.#release, this.#protect, this.#section, this.#map, this.#unmap,
      this.#nonsense, this.#nonsense, this.#compact,
    ]
    try {
      actions[step.kind % actions.length]!.call(this, step)
    } catch (error) {
      // An exception the simulated program asked for; the model has not counted the call as done.
      if (!(error instanceof RaisedException)) throw error
    }
  }

  /** Everything the model knows, against everything the process says. */
  check(): void {
    const { process } = this
    expect(process.heaps().map((heap) => heap.handle).sort()).toEqual([...this.#blocks.keys()].sort())
    for (const [heap, blocks] of this.#blocks) {
      expect(process.heapValidate(heap, 0)).toBe(1)
      const walked = process.walkHeap(heap).filter((entry) => entry.kind === 'busy').map((entry) => [entry.data, entry.bytes])
      const expected = [...blocks].map(([data, block]) => [data, block.bytes])
      if (heap === this.#default) for (const movable of this.#movables.values()) if (!movable.discarded) expected.push([movable.data, movable.bytes])
      expect(walked).toEqual(expected.sort((a, b) => a[0]! - b[0]!))
    }
    expect(checkSnapshot(process.snapshot())).toEqual([])
    this.#checkSpace()
    this.#checkHandles()
  }

  /** Frees all there is; what is left is what a process that did nothing has, and the default heap's memory. */
  empty(): void {
    const { process } = this
    for (const handle of this.#movables.keys()) expect(process.globalFree(handle)).toBe(0)
    this.#movables.clear()
    for (const [heap, blocks] of this.#blocks) {
      for (const data of blocks.keys()) this.#expectLetters(data, blocks.get(data)!)
      if (heap === this.#default) for (const data of blocks.keys()) expect(process.heapFree(heap, 0, data)).toBe(1)
      else expect(process.heapDestroy(heap)).toBe(1)
    }
    this.#blocks.clear()
    this.#blocks.set(this.#default, new Map())
    for (const base of this.#views.keys()) expect(process.unmapViewOfFile(base)).toBe(1)
    for (const handle of this.#sections.keys()) expect(process.closeHandle(handle)).toBe(1)
    for (const base of this.#reservations.keys()) expect(process.virtualFree(base, 0, 0x8000)).toBe(1)
    this.#views.clear()
    this.#sections.clear()
    this.#reservations.clear()
    this.check()
    const [heap] = process.heaps()
    if (process.settings.version.heap === 'kath-nt31') expect(heap!.freeBytes).toBe(heap!.committedBytes)
    const fresh = new SimulatedProcess({ ...this.#optionsOf(), defaultHeap: null }).counters.reservedBytes
    expect(process.counters.reservedBytes).toBe(fresh + heap!.reservedBytes + process.handleTable.reservedBytes)
  }

  #optionsOf(): ProcessOptions {
    const { bits, surroundings } = this.process.settings
    return { bits, surroundings }
  }

  #alloc({ pick, size, flags }: Step): void {
    const heap = this.#pick([...this.#blocks.keys()], pick)
    const data = this.process.heapAlloc(heap, flags & 0x0d, size)
    if (data === 0) return
    if ((flags & 8) !== 0) expect(this.process.read(data, Math.min(size, 64)).every((byte) => byte === 0)).toBe(true)
    this.#blocks.get(heap)!.set(data, this.#mark(data, size))
  }

  #free({ pick }: Step): void {
    const heap = this.#pick([...this.#blocks.keys()], pick)
    const blocks = this.#blocks.get(heap)!
    const data = this.#pick([...blocks.keys()], pick)
    if (data === undefined) return
    this.#expectLetters(data, blocks.get(data)!)
    expect(this.process.heapFree(heap, 0, data)).toBe(1)
    expect(this.process.heapFree(heap, 0, data)).toBe(0)
    blocks.delete(data)
    this.#dead.push(data)
  }

  #realloc({ pick, size, flags }: Step): void {
    const heap = this.#pick([...this.#blocks.keys()], pick)
    const blocks = this.#blocks.get(heap)!
    const data = this.#pick([...blocks.keys()], pick)
    if (data === undefined) return
    const old = blocks.get(data)!
    const inPlace = (flags & 0x10) !== 0
    const moved = this.process.heapReAlloc(heap, flags & 0x1d, data, size)
    if (moved === 0) return
    if (inPlace) expect(moved).toBe(data)
    this.#expectLetters(moved, { bytes: Math.min(size, old.bytes), letter: old.letter })
    blocks.delete(data)
    blocks.set(moved, this.#mark(moved, size))
    if (moved !== data) this.#dead.push(data)
  }

  #create({ size, flags }: Step): void {
    if (this.#blocks.size > 5) return
    const maximum = (flags & 2) !== 0 ? 0 : size * 8
    const heap = this.process.heapCreate(flags & 0x05, size, maximum, (flags & 8) !== 0 ? `document ${size}` : '')
    if (heap !== 0) this.#blocks.set(heap, new Map())
  }

  #destroy({ pick }: Step): void {
    const heap = this.#pick([...this.#blocks.keys()], pick)
    expect(this.process.heapDestroy(heap)).toBe(heap === this.#default ? 0 : 1)
    if (heap === this.#default) return
    this.#dead.push(heap, ...this.#blocks.get(heap)!.keys())
    this.#blocks.delete(heap)
  }

  #globalAlloc({ size, flags }: Step): void {
    const isMovable = (flags & 2) !== 0
    const asked = (flags & 0x72) | (isMovable ? flags & 0x100 : 0)
    const isLocal = (flags & 1) !== 0
    const result = isLocal ? this.process.localAlloc(asked & ~0x100, size) : this.process.globalAlloc(asked, size)
    this.#follow(asked)
    if (result === 0) return
    if (!isMovable) {
      this.#blocks.get(this.#default)!.set(result, this.#mark(result, size))
      return
    }
    const data = size === 0 ? 0 : this.process.globalLock(result)
    if (size !== 0) this.process.globalUnlock(result)
    this.#movables.set(result, { ...(size === 0 ? { bytes: 0, letter: 0 } : this.#mark(data, size)), locks: 0, data, discarded: size === 0, discardable: !isLocal && (asked & 0x100) !== 0 })
  }

  #globalFree({ pick, flags }: Step): void {
    const handle = this.#pick([...this.#movables.keys()], pick)
    if (handle === undefined) return
    const movable = this.#movables.get(handle)!
    if (!movable.discarded) this.#expectLetters(movable.data, movable)
    expect((flags & 1) !== 0 ? this.process.localFree(handle) : this.process.globalFree(handle)).toBe(0)
    expect(this.process.globalFree(handle)).toBe(handle)
    this.#movables.delete(handle)
    this.#dead.push(handle)
  }

  #globalReAlloc({ pick, size, flags }: Step): void {
    const handle = this.#pick([...this.#movables.keys()], pick)
    if (handle === undefined) return
    const movable = this.#movables.get(handle)!
    const result = (flags & 1) !== 0 ? this.process.localReAlloc(handle, size, flags & 0x42) : this.process.globalReAlloc(handle, size, flags & 0x42)
    this.#follow(flags & 0x42, handle)
    if (result === 0) return
    expect(result).toBe(handle)
    if (size === 0) {
      Object.assign(movable, { bytes: 0, discarded: true, data: 0 })
      return
    }
    const data = this.process.globalLock(handle)
    this.process.globalUnlock(handle)
    if (movable.locks > 0 && (flags & 2) === 0) expect(data).toBe(movable.data)
    if (!movable.discarded) this.#expectLetters(data, { bytes: Math.min(size, movable.bytes), letter: movable.letter })
    Object.assign(movable, this.#mark(data, size), { data, discarded: false })
  }

  /** A request that found no room may have moved or discarded others: only such as it may, and only if it may. */
  #follow(asked: number, except = 0): void {
    for (const [handle, movable] of this.#movables) {
      if (movable.discarded || handle === except) continue
      const now = this.process.globalHandle(movable.data) === handle
      if (now) continue
      expect(movable.locks).toBe(0)
      expect(asked & 0x10).toBe(0)
      if ((this.process.globalFlags(handle) & 0x4000) !== 0) {
        expect([movable.discardable, asked & 0x20]).toEqual([true, 0])
        Object.assign(movable, { bytes: 0, discarded: true, data: 0 })
        continue
      }
      expect(this.process.settings.compaction).toBe('moveable')
      movable.data = this.process.globalLock(handle)
      this.process.globalUnlock(handle)
      this.#expectLetters(movable.data, movable)
    }
  }

  #lock({ pick }: Step): void {
    const handle = this.#pick([...this.#movables.keys()], pick)
    if (handle === undefined) return
    const movable = this.#movables.get(handle)!
    expect(this.process.localLock(handle)).toBe(movable.data)
    if (!movable.discarded) movable.locks++
  }

  #unlock({ pick }: Step): void {
    const handle = this.#pick([...this.#movables.keys()], pick)
    if (handle === undefined) return
    const movable = this.#movables.get(handle)!
    expect(this.process.globalUnlock(handle)).toBe(movable.locks > 1 ? 1 : 0)
    movable.locks = Math.max(0, movable.locks - 1)
  }

  #discard({ pick }: Step): void {
    const handle = this.#pick([...this.#movables.keys()], pick)
    if (handle === undefined) return
    const movable = this.#movables.get(handle)!
    expect(this.process.globalDiscard(handle)).toBe(movable.locks > 0 ? 0 : handle)
    if (movable.locks === 0) Object.assign(movable, { bytes: 0, discarded: true, data: 0 })
  }

  #compact({ pick }: Step): void {
    const heap = this.#pick([...this.#blocks.keys()], pick)
    const largest = Math.max(0, ...this.process.walkHeap(heap).map((entry) => (entry.kind === 'free' ? entry.consumedBytes : 0)))
    const told = this.process.heapCompact(heap, 0)
    if (this.process.settings.compaction === 'none') expect(told).toBe(largest)
    else expect(told).toBeGreaterThanOrEqual(largest)
    for (const [handle, movable] of this.#movables) {
      if (movable.discarded) continue
      const data = this.process.globalLock(handle)
      this.process.globalUnlock(handle)
      if (movable.locks > 0 || this.process.settings.compaction === 'none') expect(data).toBe(movable.data)
      movable.data = data
      this.#expectLetters(data, movable)
    }
  }

  #reserve({ size, flags, pick }: Step): void {
    const address = (flags & 1) !== 0 ? (pick % 0x7fff) * REGION_GRANULE : 0
    const type = 0x2000 | ((flags & 2) !== 0 ? 0x1000 : 0) | ((flags & 4) !== 0 ? 0x100000 : 0)
    const base = this.process.virtualAlloc(address, size, type, Protection.PAGE_READWRITE)
    if (base === 0) return
    expect(base % REGION_GRANULE).toBe(0)
    const pages = Math.ceil((address === 0 ? size : address + size - base) / PAGE)
    const committed = new Set((flags & 2) !== 0 ? Array.from({ length: pages }, (_, i) => base + i * PAGE) : [])
    this.#reservations.set(base, { bytes: pages * PAGE, committed })
  }

  #commit({ pick, size, flags }: Step): void {
    const base = this.#pick([...this.#reservations.keys()], pick)
    if (base === undefined) return
    const range = this.#reservations.get(base)!
    const address = base + (pick % range.bytes)
    const protect = [0x02, 0x04, 0x20, 0x40, 0x104, 0x01][flags % 6]!
    const result = this.process.virtualAlloc(address, size, 0x1000, protect)
    const end = address + size
    expect(result).toBe(size > 0 && end <= base + range.bytes ? address - (address % PAGE) : 0)
    if (result !== 0) for (let page = result; page < end; page += PAGE) range.committed.add(page)
  }

  #decommit({ pick, size }: Step): void {
    const base = this.#pick([...this.#reservations.keys()], pick)
    if (base === undefined) return
    const range = this.#reservations.get(base)!
    const address = base + (pick % range.bytes)
    const first = address - (address % PAGE)
    const whole = size === 0
    const expected = whole ? address === base : address + size <= base + range.bytes
    expect(this.process.virtualFree(address, size, 0x4000)).toBe(expected ? 1 : 0)
    if (!expected) return
    for (let page = first; page < (whole ? base + range.bytes : address + size); page += PAGE) range.committed.delete(page)
  }

  #release({ pick }: Step): void {
    const base = this.#pick([...this.#reservations.keys()], pick)
    if (base === undefined) return
    expect(this.process.virtualFree(base, PAGE, 0x8000)).toBe(0)
    expect(this.process.virtualFree(base + PAGE, 0, 0x8000)).toBe(0)
    expect(this.process.virtualFree(base, 0, 0x8000)).toBe(1)
    this.#reservations.delete(base)
    this.#dead.push(base)
  }

  #protect({ pick, size, flags }: Step): void {
    const base = this.#pick([...this.#reservations.keys()], pick)
    if (base === undefined) return
    const range = this.#reservations.get(base)!
    const address = base + (pick % range.bytes)
    let expected = size > 0
    for (let page = address - (address % PAGE); page < address + size; page += PAGE) expected &&= range.committed.has(page)
    const protect = [0x01, 0x02, 0x04, 0x10, 0x20, 0x40, 0x102, 0x204, 0x404][flags % 9]!
    expect(this.process.virtualProtect(address, size, protect)).toBe(expected ? 1 : 0)
  }

  #section({ size, flags }: Step): void {
    const handle = this.process.createFileMapping(Protection.PAGE_READWRITE, size, '')
    expect(handle !== 0).toBe(size > 0)
    if (handle === 0) return
    if ((flags & 1) !== 0) {
      expect(this.process.closeHandle(handle)).toBe(1)
      expect(this.process.closeHandle(handle)).toBe(0)
      return
    }
    this.#sections.set(handle, { bytes: Math.ceil(size / PAGE) * PAGE, references: 1 })
  }

  #map({ pick, flags }: Step): void {
    const handle = this.#pick([...this.#sections.keys()], pick)
    if (handle === undefined || this.#views.size > 20) return
    const section = this.#sections.get(handle)!
    const base = this.process.mapViewOfFile(handle, [1, 2, 4][flags % 3]!, 0, 0)
    if (base === 0) return
    section.references++
    this.#views.set(base, { section, bytes: section.bytes, copies: flags % 3 === 0 })
  }

  #unmap({ pick }: Step): void {
    const base = this.#pick([...this.#views.keys()], pick)
    if (base === undefined) return
    expect(this.process.virtualFree(base, 0, 0x8000)).toBe(0)
    expect(this.process.unmapViewOfFile(base)).toBe(1)
    this.#views.delete(base)
  }

  /** Calls with operands that are not alive: refused, with an error, and nothing changed. */
  #nonsense({ pick, size }: Step): void {
    const alive = (value: number): boolean =>
      this.#blocks.has(value) || this.#movables.has(value) || this.#views.has(value) || this.#sections.has(value) || [...this.#movables.values()].some((movable) => movable.data === value) || this.#reservations.has(value) || [...this.#blocks.values()].some((blocks) => blocks.has(value))
    const bad = this.#pick(this.#dead.filter((value) => value !== 0 && !alive(value)), pick)
    const { process } = this
    const heap = this.#pick([...this.#blocks.keys()], pick)
    const foreign = [...this.#blocks].find(([other, blocks]) => other !== heap && blocks.size > 0)?.[1].keys().next().value ?? bad
    const movableData = [...this.#movables.values()].find((movable) => !movable.discarded)?.data ?? bad
    for (const pointer of [bad, foreign, movableData]) {
      expect(process.heapFree(heap, 0, pointer)).toBe(0)
      expect(process.lastError.code).not.toBe(0)
    }
    expect(process.call('HeapReAlloc', bad, 0, bad, size)).toBe(0)
    expect(process.heapAlloc(bad, 0, size)).toBe(0)
    expect(process.heapAlloc(heap, 0x100, size)).toBe(0)
    expect(process.heapDestroy(bad)).toBe(0)
    expect(process.heapSize(heap, 0, bad)).toBe(2 ** process.settings.bits - 1)
    expect(process.globalFree(bad)).toBe(bad)
    expect(process.globalLock(bad)).toBe(0)
    expect(process.globalUnlock(bad)).toBe(0)
    expect(process.realloc(bad, size)).toBe(0)
    expect(process.virtualFree(heap, 0, 0x8000)).toBe(0)
    expect(process.virtualFree(bad, 0, 0x8000)).toBe(0)
    expect(process.virtualAlloc(0, size, 0x8000, 4)).toBe(0)
    expect(process.virtualAlloc(0, 0, 0x3000, 4)).toBe(0)
    expect(process.virtualAlloc(0, size, 0x3000, 3)).toBe(0)
    expect(process.virtualProtect(heap, PAGE, 1)).toBe(0)
    expect(process.mapViewOfFile(bad, 2)).toBe(0)
    expect(process.unmapViewOfFile(bad)).toBe(0)
  }

  #mark(data: number, bytes: number): Block {
    this.#letter = (this.#letter % 250) + 1
    if (bytes > 0) this.process.call('FillMemory', data, bytes, this.#letter)
    return { bytes, letter: this.#letter }
  }

  #expectLetters(data: number, { bytes, letter }: Block): void {
    const found = this.process.read(data, bytes)
    expect(found.length).toBe(bytes)
    expect(found.every((byte) => byte === letter)).toBe(true)
  }

  #checkSpace(): void {
    const { process } = this
    const { counters } = process
    let at = 0
    while (process.virtualQuery(at) !== 0) {
      const output = process.output
      if (output?.kind !== 'memory-information') throw new Error('VirtualQuery gives memory information')
      expect(output.value.baseAddress).toBe(at)
      at += output.value.regionBytes
    }
    expect(at).toBe(process.settings.bits === 32 ? 2 ** 31 : 2 ** 47)
    const regions = process.regions()
    let reserved = 0
    let committed = 0
    for (let row = 0; row < regions.length; row++) {
      if (regions.state.at(row) !== RegionState.Free) reserved += regions.size.at(row)
      if (regions.state.at(row) === RegionState.Committed) committed += regions.size.at(row)
    }
    expect([counters.reservedBytes, counters.committedBytes]).toEqual([reserved, committed])
    // Charge: everything committed but shared views, whose sections are charged once.
    const sections = new Set<Section>([...this.#sections.values(), ...[...this.#views.values()].map((view) => view.section)])
    let charge = committed
    for (const view of this.#views.values()) if (!view.copies) charge -= view.bytes
    for (const section of sections) charge += section.bytes
    expect(counters.commitChargeBytes).toBe(charge)
    for (const [base, range] of this.#reservations) expect(this.#committedIn(base, range.bytes)).toBe(range.committed.size * PAGE)
  }

  #committedIn(base: number, bytes: number): number {
    const regions = this.process.regions()
    let committed = 0
    for (let row = 0; row < regions.length; row++) {
      if (regions.state.at(row) !== RegionState.Committed) continue
      committed += Math.max(0, Math.min(base + bytes, regions.base.at(row) + regions.size.at(row)) - Math.max(base, regions.base.at(row)))
    }
    return committed
  }

  #checkHandles(): void {
    expect(this.process.handleTable.liveHandles).toBe(this.#movables.size)
    for (const [handle, movable] of this.#movables) {
      expect(this.process.globalSize(handle)).toBe(movable.bytes)
      expect(this.process.globalFlags(handle) & 0x40ff).toBe(movable.locks | (movable.discarded ? 0x4000 : 0))
    }
  }

  #pick<T>(values: readonly T[], pick: number): T {
    return values[pick % Math.max(1, values.length)]!
  }
}
