import { NONE, PAGE_BYTES, roundDown, roundUp, type Address, type Bytes } from '../../base/units'
import { HandleTable, type TableMemory } from '../heaps/kath-nt31/handle-table'
import { createWindowsHeap, firstCommit, firstReserve, isSegmentHeap, type WindowsHeapAsk } from '../heap-bytes/create-windows-heap'
import type { HeapMemory } from '../vm/heap-memory'
import { reasonsOf } from '../profiles/reasons'
import { MemoryAccess } from '../vm/memory-access'
import { Protection } from '../vm/memory-constants'
import { SectionTable } from '../vm/section-table'
import { VirtualMemory } from '../vm/virtual-memory'
import { HeapFlag } from './constants'
import { RaisedException, Status, Win32Error } from './error-codes'
import type { HeapOfProcess } from './heap-of-process'
import { HeapReasons } from './heap-reasons'
import { KathProcessHeap } from './kath-process-heap'
import { HANDLE_TABLE_BASE, defaultHeapBase, type ProcessSettings } from './process-settings'
import type { ApiOutput } from './process-types'
import { placeSurroundings } from './surroundings'
import { RequestedSizes, WindowsProcessHeap } from './windows-process-heap'

/** No thread holds a heap. */
export const NO_THREAD = -1

/** One heap of the process with what HeapCreate was told and who holds it. */
export interface HeapRecord {
  readonly heap: HeapOfProcess
  readonly name: string
  readonly isDefault: boolean
  readonly flags: number
  /** 0 = growable. */
  readonly maximumBytes: Bytes
  lockedBy: number
  lockDepth: number
}

export interface HeapRequest {
  readonly name: string
  readonly isDefault: boolean
  readonly flags: number
  readonly reserveBytes: Bytes
  readonly commitBytes: Bytes
  readonly maximumBytes: Bytes
  /** Bytes of the reservation that blocks may use, when not all. */
  readonly arenaBytes?: Bytes
}

/** The state of a simulated process; the calls in the neighbouring files work on it. */
export class ProcessCore {
  readonly settings: ProcessSettings
  readonly memory: VirtualMemory
  readonly access: MemoryAccess
  readonly sections: SectionTable
  readonly table: HandleTable
  /** By handle, in order of creation. */
  readonly heaps = new Map<Address, HeapRecord>()
  readonly defaultHeap: HeapRecord | undefined
  thread = 0
  lastError = 0
  /** Code the call at work has set, 0 when none. */
  callError = 0
  output: ApiOutput | undefined
  /** Number of the call at work, from 1; 0 while the process is made. */
  callNumber = 0
  /** HeapEnableTerminationOnCorruption was set: a heap that finds itself damaged ends the program. */
  terminatesOnCorruption = false
  #heapsMade = 0
  #keysDrawn = 0
  #letter = 0

  constructor(settings: ProcessSettings) {
    this.settings = settings
    const { memory } = settings
    this.memory = new VirtualMemory({
      limits: settings.limits,
      commitLimitBytes: memory.physicalBytes + memory.pageFileBytes,
      workingSet: {
        minimumPages: memory.workingSetMinimumPages,
        maximumPages: memory.workingSetMaximumPages,
        standbyPages: Math.max(0, Math.floor(memory.physicalBytes / PAGE_BYTES) - memory.workingSetMaximumPages),
      },
    })
    this.access = new MemoryAccess(this.memory)
    this.sections = new SectionTable(this.memory)
    this.table = this.#makeTable()
    if (settings.surroundings === 'nt31') placeSurroundings(this.memory, this.access)
    this.defaultHeap = this.#makeDefaultHeap()
  }

  /** Sets the last error; returns `value`, the result of a call that fails. */
  fail(code: Win32Error, value = 0): number {
    this.callError = code
    this.lastError = code
    return value
  }

  /** As `fail`, with the code that belongs to what the virtual memory refused last. */
  failMemory(value = 0): number {
    return this.fail(CODE_OF_FAILURE[this.memory.failure], value)
  }

  /** Makes a heap; undefined (and the last error set) when memory or address space lacks. */
  makeHeap(request: HeapRequest, preferred: Address): HeapRecord | undefined {
    const heap = this.settings.version.heap === 'kath-nt31' ? this.#makeArticleHeap(request, preferred) : this.#makeWindowsHeap(request, preferred)
    if (heap === undefined) return undefined
    const { name, isDefault, flags, maximumBytes } = request
    const record: HeapRecord = { heap, name, isDefault, flags, maximumBytes, lockedBy: NO_THREAD, lockDepth: 0 }
    this.heaps.set(heap.base, record)
    return record
  }

  /** The heap's own bytes are in memory as they are now; before anybody looks. */
  settle(): void {
    for (const { heap } of this.heaps.values()) heap.settle()
  }

  /** Told before the program writes to memory. */
  programWrites(address: Address, bytes: Bytes): void {
    for (const { heap } of this.heaps.values()) heap.programWrites(address, bytes)
  }

  /** Number of the next private heap, for its name. */
  nextHeapNumber(): number {
    return ++this.#heapsMade
  }

  /** The letter that fills the next block, when blocks are filled with letters. */
  nextLetter(): number {
    const letter = LETTER_A + this.#letter
    this.#letter = (this.#letter + 1) % LETTERS
    return letter
  }

  /** Reports memory that lacks: by an exception when the heap or the call asks for it. */
  failAlloc(flags: number): number {
    if ((flags & HeapFlag.HEAP_GENERATE_EXCEPTIONS) !== 0) {
      this.fail(Win32Error.ERROR_NOT_ENOUGH_MEMORY)
      throw new RaisedException(Status.STATUS_NO_MEMORY)
    }
    return this.fail(Win32Error.ERROR_NOT_ENOUGH_MEMORY)
  }

  /** The heap is made only when both are sure, so that a refusal leaves nothing behind. */
  #hasRoom(reserveBytes: Bytes, commitBytes: Bytes): boolean {
    const { memory } = this
    if (memory.commit.chargedBytes + commitBytes > memory.commit.limitBytes) {
      this.fail(Win32Error.ERROR_COMMITMENT_LIMIT)
      return false
    }
    if (memory.runs.findFree(roundUp(reserveBytes, PAGE_BYTES), PAGE_BYTES, false) < 0 || this.#lacksPlace(reserveBytes)) {
      this.fail(Win32Error.ERROR_NOT_ENOUGH_MEMORY)
      return false
    }
    return true
  }

  #makeArticleHeap(request: HeapRequest, preferred: Address): HeapOfProcess | undefined {
    const { settings } = this
    const { shape } = settings
    const commitBytes = roundUp(Math.max(request.commitBytes, 1), PAGE_BYTES)
    if (!this.#hasRoom(request.reserveBytes, commitBytes)) return undefined
    const rules = {
      granule: shape.granuleBytes,
      header: shape.headerBytes,
      tail: shape.tailBytes,
      reserve: request.reserveBytes,
      commit: commitBytes,
      capacity: Infinity,
      realloc: 'in-place-forward' as const,
      growth: request.maximumBytes === 0 ? settings.growthBytes : 0,
      leastReserve: PAGE_BYTES,
      ...(request.arenaBytes === undefined ? {} : { arena: request.arenaBytes }),
    }
    const layout = { headerBytes: shape.headerBytes, granuleBytes: shape.granuleBytes, pointerBytes: settings.pointerBytes }
    return new KathProcessHeap(rules, layout, this.#heapMemory(request.name, preferred, Protection.PAGE_READWRITE), this.access, this.#reasonsFor('kath-nt31'))
  }

  #makeWindowsHeap(request: HeapRequest, preferred: Address): HeapOfProcess | undefined {
    const { version, keySeed } = this.settings
    const { reserveBytes, commitBytes, maximumBytes, isDefault, flags } = request
    const ask: WindowsHeapAsk = { reserveBytes, commitBytes, isGrowable: maximumBytes === 0, isProcessHeap: isDefault, isSerialized: (flags & HeapFlag.HEAP_NO_SERIALIZE) === 0, flags }
    if (!this.#hasRoom(firstReserve(version, ask), firstCommit(version, ask))) return undefined
    const protect = (flags & HeapFlag.HEAP_CREATE_ENABLE_EXECUTE) === 0 ? Protection.PAGE_READWRITE : Protection.PAGE_EXECUTE_READWRITE
    const made: { heap?: WindowsProcessHeap } = {}
    const reserved: Address[] = []
    const plain = this.#heapMemory(request.name, preferred, protect)
    const memory: HeapMemory = {
      ...plain,
      reserve: (bytes, alignment) => {
        const base = plain.reserve(bytes, alignment)
        if (base !== NONE) reserved.push(base)
        return base
      },
      decommit: (address, bytes) => {
        made.heap?.pagesGone(address, bytes)
        return plain.decommit(address, bytes)
      },
      release: (base) => {
        made.heap?.pagesGone(base, plain.reservedEnd(base) - base)
        reserved.splice(reserved.indexOf(base), 1)
        return plain.release(base)
      },
    }
    const sizes = new RequestedSizes()
    const reasons = this.#reasonsFor(isSegmentHeap(version, ask) ? 'segment-heap' : 'nt-lfh')
    const windows = createWindowsHeap(version, ask, { seed: keySeed * 1000 + ++this.#keysDrawn, processSeed: keySeed }, memory, sizes.of, reasons)
    if (!windows.isMade()) {
      for (const base of reserved) plain.release(base)
      this.fail(Win32Error.ERROR_NOT_ENOUGH_MEMORY)
      return undefined
    }
    made.heap = new WindowsProcessHeap(windows, sizes, memory, this.access, reasons)
    return made.heap
  }

  #reasonsFor(manager: string): HeapReasons {
    return new HeapReasons(reasonsOf(manager)!, () => this.callNumber)
  }

  #lacksPlace(bytes: Bytes): boolean {
    return bytes > MOST_RANGE_BYTES || this.memory.runs.findFree(roundUp(bytes, PAGE_BYTES), 16 * PAGE_BYTES, false) < 0
  }

  #makeDefaultHeap(): HeapRecord | undefined {
    const options = this.settings.defaultHeap
    if (options === null) return undefined
    const { reserveBytes, commitBytes, growable, loaderMinimum } = options
    const request = {
      name: 'default heap',
      isDefault: true,
      flags: 0,
      reserveBytes,
      commitBytes: Math.min(commitBytes, reserveBytes),
      maximumBytes: growable ? 0 : reserveBytes,
    }
    return this.makeHeap(loaderMinimum ? request : { ...request, arenaBytes: reserveBytes }, defaultHeapBase(reserveBytes, this.settings.handleTableBytes))
  }

  /** The address space as one heap sees it: its reservations carry its name. */
  #heapMemory(name: string, preferred: Address, protect: number): HeapMemory {
    const { memory } = this
    let segments = 0
    return {
      low: this.settings.limits.low,
      high: this.settings.limits.high,
      reserve: (bytes, alignment) => {
        if (bytes > MOST_RANGE_BYTES) return NONE
        const allocation = memory.reserveKept(segments === 0 ? preferred : 0, bytes, `${name}, segment ${segments + 1}`, undefined, alignment)
        if (allocation === undefined) return NONE
        segments++
        return allocation.base
      },
      reservedEnd: (base) => {
        const allocation = memory.runs.allocation(memory.runs.find(base))!
        return allocation.base + allocation.bytes
      },
      commit: (address, bytes) => this.#commit(address, bytes, protect),
      decommit: (address, bytes) => {
        const allocation = memory.runs.allocation(memory.runs.find(address))
        if (allocation === undefined) return false
        memory.decommitPages(allocation, roundDown(address, PAGE_BYTES), roundUp(address + bytes, PAGE_BYTES))
        return true
      },
      release: (base) => {
        segments--
        return memory.remove(memory.runs.allocation(memory.runs.find(base))!)
      },
    }
  }

  #commit(address: Address, bytes: Bytes, protect: number = Protection.PAGE_READWRITE): boolean {
    const allocation = this.memory.runs.allocation(this.memory.runs.find(address))!
    const from = roundDown(address, PAGE_BYTES)
    return this.memory.commitPages(allocation, from, roundUp(address + bytes, PAGE_BYTES), protect)
  }

  #makeTable(): HandleTable {
    const { settings, memory } = this
    const tableMemory: TableMemory = {
      reserve: (bytes) => memory.reserveKept(HANDLE_TABLE_BASE, bytes, 'handle table')?.base ?? 0,
      commit: (address, bytes) => this.#commit(address, bytes),
      release: (base) => {
        memory.remove(memory.runs.allocation(memory.runs.find(base))!)
      },
    }
    const { pointerBytes, handleTableBytes, handleLimit, lockMaximum, strictLocks } = settings
    return new HandleTable({ pointerBytes, reserveBytes: handleTableBytes, handleLimit, lockMaximum, strictLocks }, tableMemory, this.access)
  }
}

/** A range of a heap keeps an index over its bytes, so that of a 64-bit process ends somewhere; 32 bits have less. */
const MOST_RANGE_BYTES: Bytes = 2 ** 32

const LETTER_A = 0x41
const LETTERS = 26

const CODE_OF_FAILURE: Record<VirtualMemory['failure'], Win32Error> = {
  none: Win32Error.ERROR_SUCCESS,
  'invalid-parameter': Win32Error.ERROR_INVALID_PARAMETER,
  'invalid-address': Win32Error.ERROR_INVALID_ADDRESS,
  'no-address-space': Win32Error.ERROR_NOT_ENOUGH_MEMORY,
  'commit-limit': Win32Error.ERROR_COMMITMENT_LIMIT,
  'not-accessible': Win32Error.ERROR_NOACCESS,
  kept: Win32Error.ERROR_ACCESS_DENIED,
  'not-locked': Win32Error.ERROR_NOT_LOCKED,
  'working-set-quota': Win32Error.ERROR_WORKING_SET_QUOTA,
}
