import { expect } from 'vitest'
import type { ApiFunction } from '../api-catalog'
import { EntryFlag, GlobalFlag, HeapFlag } from '../constants'
import type { ApiArgument } from '../process-types'
import type { SimulatedProcess } from '../simulated-process'

const DISCARDED = 0x4000
const MOVABLE_ALLOC = GlobalFlag.GMEM_MOVEABLE | 0xf00

/**
 * What is alive, by what calls said: fixed blocks by heap and address, movable ones by handle, section handles. Calls
 * that succeed must make sense with it; calls that fail must change nothing.
 */
export class LiveBlocks {
  readonly #process: SimulatedProcess
  readonly #default: number
  /** Heap -> data -> requested bytes. */
  readonly #fixed = new Map<number, Map<number, number>>()
  /** Handle -> requested bytes; 0 when discarded. */
  readonly #movable = new Map<number, number>()
  readonly #sections = new Set<number>()
  readonly #locked = new Map<number, { readonly thread: number; depth: number }>()
  #thread = 0

  constructor(process: SimulatedProcess) {
    this.#process = process
    this.#default = process.getProcessHeap()
    this.#fixed.set(this.#default, new Map())
  }

  heaps = (): number[] => [...this.#fixed.keys()]
  pointers = (): number[] => [...this.#fixed.values()].flatMap((blocks) => [...blocks.keys()])
  handles = (): number[] => [...this.#movable.keys()]
  sections = (): number[] => [...this.#sections]
  sizes = (): ReadonlyMap<number, number> => new Map(this.#movable)

  /** Data and bytes of one living block; 16 bytes nobody has when there is none. */
  blockAt(pick: number): [number, number] {
    const all = [...this.#fixed.values()].flatMap((blocks) => [...blocks])
    return all.length === 0 || pick % 9 === 0 ? [0x1000, 16] : all[pick % all.length]!
  }

  /** Takes over what a call did; `before` are the movable blocks before it. */
  follow({ name, group }: ApiFunction, args: readonly ApiArgument[], result: number, succeeded: boolean, before: ReadonlyMap<number, number>): void {
    const n = args.map(Number)
    if (group === 'sections') this.#followSection(name, n, result)
    else if (name.startsWith('Heap')) this.#followHeap(name, n, result)
    else if (group === 'global' || group === 'local') this.#followMovable(name.replace(/^(Global|Local)/, ''), n, result, succeeded)
    else if (group === 'C runtime') this.#followRuntime(name, n, result, succeeded)
    else if (name === 'SwitchToThread') this.#thread = n[0]!
    this.#settle(before)
  }

  #followSection(name: string, n: readonly number[], result: number): void {
    if (name === 'CreateFileMapping' && result !== 0) this.#sections.add(result)
    if (name === 'CloseHandle' && result !== 0) expect(this.#sections.delete(n[0]!)).toBe(true)
  }

  #followHeap(name: string, n: readonly number[], result: number): void {
    const [heap = 0, flags = 0, pointer = 0, bytes = 0] = n
    const blocks = this.#fixed.get(heap)
    switch (name) {
      case 'HeapCreate':
        if (result === 0) return
        expect(this.#fixed.has(result)).toBe(false)
        this.#fixed.set(result, new Map())
        return
      case 'HeapDestroy':
        if (result === 0) return
        expect(heap).not.toBe(this.#default)
        expect(this.#fixed.delete(heap)).toBe(true)
        this.#locked.delete(heap)
        return
      case 'HeapAlloc':
        if (result !== 0) this.#add(heap, result, pointer)
        return
      case 'HeapReAlloc':
        if (result === 0) return
        expect(blocks?.delete(pointer)).toBe(true)
        if ((flags & HeapFlag.HEAP_REALLOC_IN_PLACE_ONLY) !== 0) expect(result).toBe(pointer)
        this.#add(heap, result, bytes)
        return
      case 'HeapFree':
        if (result !== 0 && pointer !== 0) expect(blocks?.delete(pointer)).toBe(true)
        return
      case 'HeapSize':
        if (blocks?.has(pointer) && result < 2 ** 31) expect(result).toBe(blocks.get(pointer))
        return
      case 'HeapLock':
        if (result === 0) return
        expect(this.#locked.get(heap)?.thread ?? this.#thread).toBe(this.#thread)
        this.#locked.set(heap, { thread: this.#thread, depth: (this.#locked.get(heap)?.depth ?? 0) + 1 })
        return
      case 'HeapUnlock':
        if (result === 0) return
        expect(this.#locked.get(heap)?.thread).toBe(this.#thread)
        if (--this.#locked.get(heap)!.depth === 0) this.#locked.delete(heap)
    }
  }

  #followMovable(name: string, n: readonly number[], result: number, succeeded: boolean): void {
    const [handle = 0, bytes = 0, flags = 0] = n
    const fixed = this.#fixed.get(this.#default)!
    switch (name) {
      case 'Alloc':
        if (result === 0) return
        // Here the flags come first.
        if ((handle & MOVABLE_ALLOC) === 0) this.#add(this.#default, result, bytes)
        else this.#addHandle(result, bytes)
        return
      case 'ReAlloc':
        if (result !== 0) this.#reallocated(handle, bytes, flags, result)
        return
      case 'Free':
        if (result === 0 && succeeded && handle !== 0) expect(this.#movable.delete(handle) || fixed.delete(handle)).toBe(true)
        else if (!succeeded) expect(result).toBe(handle)
        return
      case 'Discard':
        if (result !== 0) this.#movable.set(handle, 0)
        return
      case 'Size':
        if (succeeded) expect(result).toBe(this.#movable.get(handle) ?? fixed.get(handle))
        return
      case 'Lock':
        if (result !== 0) expect(this.#movable.has(handle) || fixed.has(handle)).toBe(true)
    }
  }

  #reallocated(handle: number, bytes: number, flags: number, result: number): void {
    const fixed = this.#fixed.get(this.#default)!
    const isModify = (flags & GlobalFlag.GMEM_MODIFY) !== 0
    if (this.#movable.has(handle)) {
      expect(result).toBe(handle)
      if (!isModify) this.#movable.set(handle, bytes)
      return
    }
    const old = fixed.get(handle)!
    expect(old).toBeDefined()
    if (isModify && result === handle) return
    fixed.delete(handle)
    // MODIFY gives a fixed block a handle.
    if (isModify) this.#addHandle(result, old)
    else this.#add(this.#default, result, bytes)
  }

  #followRuntime(name: string, n: readonly number[], result: number, succeeded: boolean): void {
    const [first = 0, second = 0] = n
    const fixed = this.#fixed.get(this.#default)!
    if (name === 'free' || (name === 'realloc' && second === 0 && first !== 0)) {
      if (succeeded && first !== 0) expect(fixed.delete(first)).toBe(true)
      return
    }
    if (result === 0) return
    if (name === 'realloc' && first !== 0) expect(fixed.delete(first)).toBe(true)
    this.#add(this.#default, result, name === 'malloc' ? first : name === 'calloc' ? first * second : second)
  }

  #add(heap: number, data: number, bytes: number): void {
    const blocks = this.#fixed.get(heap)
    expect(blocks?.has(data)).toBe(false)
    blocks!.set(data, bytes)
  }

  #addHandle(handle: number, bytes: number): void {
    expect(this.#movable.has(handle)).toBe(false)
    this.#movable.set(handle, bytes)
  }

  /** A request that found no room may have discarded unlocked discardable blocks. */
  #settle(before: ReadonlyMap<number, number>): void {
    for (const [handle, bytes] of this.#movable) {
      if (bytes === 0 || before.get(handle) !== bytes || this.#data(handle) !== 0) continue
      this.#movable.set(handle, 0)
    }
  }

  /** The address the table holds: second half of the entry, the handle is its own address. */
  #data(handle: number): number {
    const { pointerBytes } = this.#process.settings
    return [...this.#process.read(handle, pointerBytes)].reduce((value, byte, index) => value + byte * 2 ** (8 * index), 0)
  }

  /** As the thread that may enter the heap; then the program's thread goes on. */
  #inside(heap: number, work: () => void): void {
    this.#process.call('SwitchToThread', this.#locked.get(heap)?.thread ?? this.#thread)
    work()
    this.#process.call('SwitchToThread', this.#thread)
  }

  /** Heaps, walks and validity are what the calls made of them. */
  check(): void {
    const process = this.#process
    expect(process.heaps().map(({ handle }) => handle).sort()).toEqual(this.heaps().sort())
    for (const [heap, blocks] of this.#fixed) {
      const expected = [...blocks]
      if (heap === this.#default) for (const [handle, bytes] of this.#movable) if (this.#data(handle) !== 0) expected.push([this.#data(handle), bytes])
      this.#inside(heap, () => {
        expect(process.heapValidate(heap, 0)).toBe(1)
        expect(this.#walk(heap)).toEqual(expected.sort((a, b) => a[0] - b[0]))
      })
    }
    this.#inside(this.#default, () => this.#checkHandles())
  }

  #checkHandles(): void {
    const process = this.#process
    expect(process.handleTable.liveHandles).toBe(this.#movable.size)
    for (const [handle, bytes] of this.#movable) {
      expect(process.globalSize(handle)).toBe(bytes)
      expect((process.globalFlags(handle) & DISCARDED) !== 0).toBe(this.#data(handle) === 0)
    }
  }

  /** Busy blocks by HeapWalk itself; blocks never overlap. */
  #walk(heap: number): [data: number, bytes: number][] {
    const process = this.#process
    const busy: [number, number][] = []
    let past = 0
    for (let index = 0; process.call('HeapWalk', heap, index) !== 0; index++) {
      const { output } = process
      if (output?.kind !== 'heap-entry') throw new Error('HeapWalk gives an entry')
      const { kind, address, consumedBytes, data, bytes, flags } = output.value
      if (kind === 'region') {
        past = address
        continue
      }
      expect(address).toBeGreaterThanOrEqual(past)
      past = address + consumedBytes
      // Blocks of look-aside lists are busy to HeapWalk, and nobody's.
      if ((flags & EntryFlag.PROCESS_HEAP_ENTRY_BUSY) !== 0 && kind === 'busy') busy.push([data, bytes])
    }
    return busy.sort((a, b) => a[0] - b[0])
  }

  freeAll(): void {
    const process = this.#process
    for (const [heap, { depth }] of this.#locked) this.#inside(heap, () => { for (let i = 0; i < depth; i++) expect(process.heapUnlock(heap)).toBe(1) })
    for (const handle of this.handles()) expect(process.globalFree(handle)).toBe(0)
    for (const data of this.#fixed.get(this.#default)!.keys()) expect(process.heapFree(this.#default, 0, data)).toBe(1)
    for (const heap of this.heaps()) if (heap !== this.#default) expect(process.heapDestroy(heap)).toBe(1)
    for (const section of this.#sections) process.closeHandle(section)
  }
}
