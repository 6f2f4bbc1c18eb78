import fc from 'fast-check'
import { expect } from 'vitest'
import { checkSnapshot } from '../../../model/integrity'
import { apiFunctions, type ApiFunction, type ApiParameter } from '../api-catalog'
import { flagSets } from '../constants'
import { RaisedException } from '../error-codes'
import type { ApiArgument, ProcessOptions } from '../process-types'
import { SimulatedProcess } from '../simulated-process'
import { LiveBlocks } from './live-blocks'

/** One random call: which of the catalogue, and a number for each of its arguments. */
export interface AnyCall {
  readonly call: number
  readonly picks: readonly number[]
}

const PAGE = 4096
const MEM_FREE = 0x10000
const MOST_PARAMETERS = Math.max(...apiFunctions.map(({ parameters }) => parameters.length))
/** Owners of memory the program asked for itself. */
const ALLOCATED = /^(VirtualAlloc|section)/
const ADDRESSES: readonly ApiFunction['result'][] = ['pointer', 'heap', 'memory-handle', 'section']
const SIZES = [0, 1, 3, 14, 16, 100, 4000, 4096, 5000, 0x10000, 0x18000, 0x100000, 0x7fff0000, 0xffffffff]
const NUMBERS = [0, 1, 2, 7, 64, 0xff, 0x100, 0x7fffffff, 0xffffffff]

const anyCall: fc.Arbitrary<AnyCall> = fc.record({
  call: fc.nat(apiFunctions.length - 1),
  picks: fc.array(fc.nat(), { minLength: MOST_PARAMETERS, maxLength: MOST_PARAMETERS }),
})

/**
 * Calls of the whole catalogue with arguments of every sort (alive, dead, of another kind, any flags, any numbers). The
 * process may succeed or refuse; the model follows what it says, and everything else must follow from that.
 */
class AnyProgram {
  readonly process: SimulatedProcess
  readonly #live: LiveBlocks
  /** Addresses, handles and sections that were given out, alive or not. */
  readonly #given: number[] = [0, 1, 0x7ffe0000, 0x7fffffff, 0xffffffff]

  constructor(options: ProcessOptions) {
    this.process = new SimulatedProcess(options)
    this.#live = new LiveBlocks(this.process)
    this.#given.push(this.process.getProcessHeap())
  }

  carryOut({ call, picks }: AnyCall): void {
    const known = apiFunctions[call]!
    // As the process takes them: numbers of 32 bits wrap around.
    const most = 2 ** this.process.settings.bits
    const args = known.parameters.map((parameter, index) => this.#argument(parameter, picks[index]!)).map((value) => (typeof value === 'number' && most === 2 ** 32 ? value % most : value))
    if (known.group === 'memory access' && known.name !== 'ReadMemory') this.#keepInside(args, picks[0]!)
    const before = this.#live.sizes()
    const { result, raised } = this.#call(known, args)
    if (!raised && ADDRESSES.includes(known.result)) this.#given.push(result)
    const { error } = this.process.callAt(this.process.callCount - 1)
    if (raised) expect(error).not.toBe(0)
    this.#live.follow(known, args, raised ? 0 : result, !raised && error === 0, before)
  }

  #call({ name }: ApiFunction, args: readonly ApiArgument[]): { result: number; raised: boolean } {
    try {
      return { result: this.process.call(name, ...args), raised: false }
    } catch (error) {
      if (!(error instanceof RaisedException)) throw error
      return { result: 0, raised: true }
    }
  }

  #argument({ name, kind, set }: ApiParameter, pick: number): ApiArgument {
    const of = <T>(values: readonly T[]): T => values[(pick >>> 3) % values.length]!
    switch (kind) {
      case 'flags': {
        const values = Object.values(flagSets[set!])
        // Any bits, two flags, or mostly one.
        return pick % 5 === 0 ? pick & 0xffff : pick % 5 === 1 ? of(values) | values[pick % values.length]! : of(values)
      }
      case 'heap':
        return pick % 6 === 0 ? of(this.#given) : of(this.#live.heaps())
      case 'pointer':
        return pick % 4 === 0 ? of(this.#given) + (pick % 3) : (of([...this.#live.pointers(), 0]) ?? 0)
      case 'memory-handle':
        return pick % 4 === 0 ? of(this.#given) : (of([...this.#live.handles(), ...this.#live.pointers(), 0]) ?? 0)
      case 'address':
        return pick % 4 === 0 ? 0 : (pick % 4 === 1 ? of(this.#given) : (of(this.#allocations()) ?? 0)) + (pick % 7 === 0 ? PAGE : 0)
      case 'section':
        return pick % 4 === 0 ? of(NUMBERS) : (of(this.#live.sections()) ?? 0)
      case 'bytes':
        return pick % 3 === 0 ? pick % 3000 : pick % 3 === 1 ? 0 : of(SIZES)
      case 'count':
        return name === 'thread' ? pick % 3 : of(NUMBERS)
      case 'byte':
        return pick % 256
      case 'text':
        return of(['', '', 'shared', 'other'])
      case 'data':
        return new Uint8Array(pick % 40).fill(pick % 256)
    }
  }

  /** First addresses of what VirtualAlloc and MapViewOfFile gave. */
  #allocations(): number[] {
    const regions = this.process.regions()
    const owners = this.process.owners()
    const bases: number[] = []
    for (let row = 0; row < regions.length; row++) if (ALLOCATED.test(owners[regions.owner.at(row)] ?? '')) bases.push(regions.base.at(row))
    return bases
  }

  /** Writes go into blocks, or where nothing is: a program that writes over a heap's headers damages it, rightly. */
  #keepInside(args: ApiArgument[], pick: number): void {
    const [data, bytes] = this.#live.blockAt(pick)
    args[0] = data
    if (typeof args[1] === 'number') args[1] = Math.min(args[1], bytes)
    else args[1] = (args[1] as Uint8Array).subarray(0, bytes)
  }

  check(): void {
    const { process } = this
    this.#live.check()
    expect(checkSnapshot(process.snapshot())).toEqual([])
    const { limits } = process.settings
    let at = 0
    let reserved = 0
    while (process.virtualQuery(at) !== 0) {
      const { output } = process
      if (output?.kind !== 'memory-information') throw new Error('VirtualQuery gives memory information')
      expect(output.value.baseAddress).toBe(at)
      expect(output.value.regionBytes).toBeGreaterThan(0)
      // What lies outside the limits no program can have.
      if (output.value.state !== MEM_FREE && at >= limits.low && at < limits.high) reserved += output.value.regionBytes
      at += output.value.regionBytes
    }
    expect(at).toBe(process.settings.bits === 32 ? 2 ** 31 : 2 ** 47)
    expect(process.counters.reservedBytes).toBe(reserved)
  }

  /** Gives everything back; what stays is the default heap's own and the handle table's. */
  end(): void {
    const { process } = this
    this.#live.freeAll()
    const regions = process.regions()
    const owners = process.owners()
    for (let row = 0; row < regions.length; row++) {
      const owner = owners[regions.owner.at(row)] ?? ''
      if (owner === 'VirtualAlloc') process.virtualFree(regions.base.at(row), 0, 0x8000)
      else process.unmapViewOfFile(regions.base.at(row))
    }
    const [heap] = process.heaps()
    expect(process.heaps()).toHaveLength(1)
    const { bits, surroundings, version } = process.settings
    expect(heap!.busyBlocks).toBe(0)
    // Later heaps have headers, markers and caches of their own in what is committed.
    if (version.heap === 'kath-nt31') expect(heap!.freeBytes).toBe(heap!.committedBytes)
    else expect(heap!.freeBytes).toBeLessThan(heap!.committedBytes)
    const empty = new SimulatedProcess({ bits, surroundings, defaultHeap: null }).counters.reservedBytes
    expect(process.counters.reservedBytes).toBe(empty + heap!.reservedBytes + process.handleTable.reservedBytes)
  }
}

/** After each of the random calls every invariant holds, and nothing is left behind. */
export function keepsInvariants(options: ProcessOptions, length: number, numRuns: number, seed: number): void {
  fc.assert(
    fc.property(fc.array(anyCall, { minLength: 1, maxLength: length, size: 'max' }), (calls) => {
      const program = new AnyProgram(options)
      for (const call of calls) {
        program.carryOut(call)
        program.check()
      }
      program.end()
    }),
    { numRuns, seed },
  )
}
