import { assert } from '../../base/assert'
import type { Address, Bytes } from '../../base/units'
import type { OverlayField } from '../../model/process-memory'
import type { RegionTable } from '../../model/region-table'
import type { Snapshot } from '../../model/snapshot'
import type { WindowsVersion } from '../profiles/windows-versions'
import { checkCall } from './api-arguments'
import { apiHandlers } from './api-handlers'
import { CallLog } from './call-log'
import { RaisedException, describeError } from './error-codes'
import { NO_BLOCK } from '../heaps/heap'
import type { Reason } from '../profiles/reasons/reason-rows'
import { heapEntries } from './heap-entries'
import type { HeapGrowth } from './heap-reasons'
import { overlayFields } from './overlay'
import type { ProcessApi } from './process-api'
import { ProcessCore } from './process-core'
import { settleOptions, type ProcessSettings } from './process-settings'
import type { ApiArgument, ApiOutput, CallRecord, HandleTableSummary, HeapEntry, HeapSummary, LastError, ProcessCounters, ProcessOptions } from './process-types'
import { viewCounters, viewHandleTable, viewHeap, viewRegions, viewSnapshot } from './process-views'

/**
 * One simulated Windows process (see ProcessApi). Undo needs no copies: a checkpoint is a number of calls, and
 * `restore` starts afresh and carries out as many of the logged calls again, a few microseconds each.
 */
export class SimulatedProcess implements ProcessApi {
  readonly settings: ProcessSettings
  #core: ProcessCore
  #log = new CallLog()
  #failedCalls = 0

  /** @throws HeapscapeError `parameter-invalid` for options that make no process */
  constructor(options: ProcessOptions = {}) {
    this.settings = settleOptions(options)
    this.#core = new ProcessCore(this.settings)
  }

  call(name: string, ...args: readonly ApiArgument[]): number {
    const { api, numbers, text, data } = checkCall(name, args, this.settings.bits)
    const handler = apiHandlers.get(name)
    assert(handler !== undefined, `the catalogue's call ${name} has a handler`)
    const core = this.#core
    const { thread } = core
    core.output = undefined
    core.callError = 0
    core.callNumber = this.#log.length + 1
    let result = 0
    let exception = 0
    try {
      result = handler(core, numbers, text, data)
      return result
    } catch (error) {
      if (error instanceof RaisedException) exception = error.code
      throw error
    } finally {
      if (core.callError !== 0) this.#failedCalls++
      this.#log.add(api.name, args, result, core.callError, exception, thread)
    }
  }

  get version(): WindowsVersion {
    return this.settings.version
  }

  virtualAlloc(address: Address, bytes: Bytes, allocationType: number, protect: number): Address {
    return this.call('VirtualAlloc', address, bytes, allocationType, protect)
  }

  virtualFree(address: Address, bytes: Bytes, freeType: number): number {
    return this.call('VirtualFree', address, bytes, freeType)
  }

  virtualProtect(address: Address, bytes: Bytes, protect: number): number {
    return this.call('VirtualProtect', address, bytes, protect)
  }

  virtualQuery(address: Address): Bytes {
    return this.call('VirtualQuery', address)
  }

  virtualLock(address: Address, bytes: Bytes): number {
    return this.call('VirtualLock', address, bytes)
  }

  virtualUnlock(address: Address, bytes: Bytes): number {
    return this.call('VirtualUnlock', address, bytes)
  }

  createFileMapping(protect: number, bytes: Bytes, name = ''): number {
    return this.call('CreateFileMapping', protect, bytes, name)
  }

  mapViewOfFile(section: number, access: number, offset: Bytes = 0, bytes: Bytes = 0): Address {
    return this.call('MapViewOfFile', section, access, offset, bytes)
  }

  unmapViewOfFile(address: Address): number {
    return this.call('UnmapViewOfFile', address)
  }

  closeHandle(section: number): number {
    return this.call('CloseHandle', section)
  }

  getProcessHeap(): Address {
    return this.call('GetProcessHeap')
  }

  heapCreate(options: number, initialBytes: Bytes, maximumBytes: Bytes, owner = ''): Address {
    return this.call('HeapCreate', options, initialBytes, maximumBytes, owner)
  }

  heapDestroy(heap: Address): number {
    return this.call('HeapDestroy', heap)
  }

  heapAlloc(heap: Address, flags: number, bytes: Bytes): Address {
    return this.call('HeapAlloc', heap, flags, bytes)
  }

  heapReAlloc(heap: Address, flags: number, pointer: Address, bytes: Bytes): Address {
    return this.call('HeapReAlloc', heap, flags, pointer, bytes)
  }

  heapFree(heap: Address, flags: number, pointer: Address): number {
    return this.call('HeapFree', heap, flags, pointer)
  }

  heapSize(heap: Address, flags: number, pointer: Address): Bytes {
    return this.call('HeapSize', heap, flags, pointer)
  }

  heapValidate(heap: Address, flags: number, pointer: Address = 0): number {
    return this.call('HeapValidate', heap, flags, pointer)
  }

  heapCompact(heap: Address, flags: number): Bytes {
    return this.call('HeapCompact', heap, flags)
  }

  heapLock(heap: Address): number {
    return this.call('HeapLock', heap)
  }

  heapUnlock(heap: Address): number {
    return this.call('HeapUnlock', heap)
  }

  globalAlloc(flags: number, bytes: Bytes): Address {
    return this.call('GlobalAlloc', flags, bytes)
  }

  globalReAlloc(handle: Address, bytes: Bytes, flags: number): Address {
    return this.call('GlobalReAlloc', handle, bytes, flags)
  }

  globalFree(handle: Address): Address {
    return this.call('GlobalFree', handle)
  }

  globalLock(handle: Address): Address {
    return this.call('GlobalLock', handle)
  }

  globalUnlock(handle: Address): number {
    return this.call('GlobalUnlock', handle)
  }

  globalSize(handle: Address): Bytes {
    return this.call('GlobalSize', handle)
  }

  globalFlags(handle: Address): number {
    return this.call('GlobalFlags', handle)
  }

  globalHandle(pointer: Address): Address {
    return this.call('GlobalHandle', pointer)
  }

  globalDiscard(handle: Address): Address {
    return this.call('GlobalDiscard', handle)
  }

  localAlloc(flags: number, bytes: Bytes): Address {
    return this.call('LocalAlloc', flags, bytes)
  }

  localReAlloc(handle: Address, bytes: Bytes, flags: number): Address {
    return this.call('LocalReAlloc', handle, bytes, flags)
  }

  localFree(handle: Address): Address {
    return this.call('LocalFree', handle)
  }

  localLock(handle: Address): Address {
    return this.call('LocalLock', handle)
  }

  localUnlock(handle: Address): number {
    return this.call('LocalUnlock', handle)
  }

  malloc(bytes: Bytes): Address {
    return this.call('malloc', bytes)
  }

  calloc(count: number, bytes: Bytes): Address {
    return this.call('calloc', count, bytes)
  }

  realloc(pointer: Address, bytes: Bytes): Address {
    return this.call('realloc', pointer, bytes)
  }

  free(pointer: Address): void {
    this.call('free', pointer)
  }

  write(address: Address, bytes: Uint8Array): number {
    return this.call('WriteMemory', address, bytes)
  }

  get lastError(): LastError {
    return describeError(this.#core.lastError)
  }

  /** Win32 code the last call set, 0 when it succeeded. */
  get callError(): LastError {
    return describeError(this.#core.callError)
  }

  get output(): ApiOutput | undefined {
    return this.#core.output
  }

  get thread(): number {
    return this.#core.thread
  }

  /** Handle of the default heap, 0 without one; no call of the program. */
  get defaultHeap(): Address {
    return this.#core.defaultHeap?.heap.base ?? 0
  }

  /** Flags of HeapCreate; 0 when there is no such heap. */
  heapFlags(heap: Address): number {
    return this.#core.heaps.get(heap)?.flags ?? 0
  }

  get counters(): ProcessCounters {
    return viewCounters(this.#core, this.#log.length, this.#failedCalls)
  }

  get handleTable(): HandleTableSummary {
    return viewHandleTable(this.#core)
  }

  get callCount(): number {
    return this.#log.length
  }

  callAt(index: number): CallRecord {
    return this.#log.at(index)
  }

  heaps(): HeapSummary[] {
    return [...this.#core.heaps.values()].map((record) => viewHeap(this.#core, record))
  }

  why(pointer: Address): Reason | null {
    for (const { heap } of this.#core.heaps.values()) {
      const block = heap.find(pointer)
      if (block !== NO_BLOCK) return heap.reasons.ofBlock(block)
    }
    return null
  }

  whyGrew(heap: Address): HeapGrowth | null {
    return this.#core.heaps.get(heap)?.heap.reasons.lastGrowth() ?? null
  }

  walkHeap(heap: Address): HeapEntry[] {
    const record = this.#core.heaps.get(heap)
    return record === undefined ? [] : heapEntries(this.#core, record)
  }

  snapshot(): Snapshot {
    return viewSnapshot(this.#core)
  }

  regions(): RegionTable {
    return viewRegions(this.#core).regions
  }

  owners(): readonly string[] {
    return viewRegions(this.#core).owners
  }

  read(address: Address, length: Bytes): Uint8Array {
    this.#core.settle()
    return this.#core.access.peek(address, length)
  }

  overlay(address: Address, length: Bytes): OverlayField[] {
    this.#core.settle()
    return overlayFields(this.#core, address, length)
  }

  trackWrites(): void {
    this.#core.settle()
    this.#core.access.trackWrites()
  }

  writtenBytes(address: Address, length: Bytes): Uint8Array {
    this.#core.settle()
    return this.#core.access.writtenBytes(address, length)
  }

  checkpoint(): number {
    return this.#log.length
  }

  restore(checkpoint: number): void {
    const old = this.#log
    assert(checkpoint >= 0 && checkpoint <= old.length, 'a checkpoint lies within the calls so far')
    if (checkpoint === old.length) return
    this.#core = new ProcessCore(this.settings)
    this.#log = new CallLog()
    this.#failedCalls = 0
    for (let row = 0; row < checkpoint; row++) {
      try {
        this.call(old.nameAt(row), ...old.argsAt(row))
      } catch (error) {
        // It raised the first time too, and the process went on.
        if (!(error instanceof RaisedException)) throw error
      }
    }
  }
}
