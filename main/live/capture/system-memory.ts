import { PAGE_BYTES, roundDown, type Address, type Bytes } from '../../../shared/base/units'
import type { ProcessMemory } from '../../../shared/model/process-memory'
import type { RegionTable } from '../../../shared/model/region-table'
import type { LiveSystem, ProcessHandle } from '../live-system'
import type { Run } from './target-regions'

/** Memory read from the process, or a clone of it, at the moment it is asked for. Never touches a guard page. */
export class SystemMemory implements ProcessMemory {
  readonly #system: LiveSystem
  readonly #handle: ProcessHandle
  readonly #runs: readonly Run[]
  readonly #table: RegionTable
  readonly #owners: readonly string[]

  /** @param runs what may be read, sorted and disjoint */
  constructor(system: LiveSystem, handle: ProcessHandle, runs: readonly Run[], { table, owners }: { readonly table: RegionTable; readonly owners: readonly string[] }) {
    this.#system = system
    this.#handle = handle
    this.#runs = runs
    this.#table = table
    this.#owners = owners
  }

  regions(): RegionTable {
    return this.#table
  }

  owners(): readonly string[] {
    return this.#owners
  }

  read(address: Address, length: Bytes): Uint8Array {
    const run = this.#runAt(address)
    if (run === undefined) return new Uint8Array(0)
    const bytes = new Uint8Array(Math.min(length, run.address + run.bytes - address))
    return bytes.subarray(0, readAsFarAsItGoes(this.#system, this.#handle, address, bytes))
  }

  #runAt(address: Address): Run | undefined {
    let low = 0
    let high = this.#runs.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#runs[middle]!.address <= address) low = middle + 1
      else high = middle
    }
    const run = this.#runs[low - 1]
    return run !== undefined && address < run.address + run.bytes ? run : undefined
  }
}

/**
 * Fills `into` up to the first page that cannot be read. A read that meets such a page fails as a whole, and may say that
 * nothing came before it: then the border is found by halves.
 */
export function readAsFarAsItGoes(system: LiveSystem, handle: ProcessHandle, address: Address, into: Uint8Array): Bytes {
  let filled = system.read(handle, address, into)
  /** A read up to here failed. */
  let bad = into.length
  let step = PAGE_BYTES
  while (filled < bad && bad - filled + ((address + filled) % PAGE_BYTES) > PAGE_BYTES) {
    // The page behind what came is the likely one; only if it can be read is the border further up.
    const next = Math.min(bad, roundDown(address + filled + step, PAGE_BYTES) - address)
    const got = system.read(handle, address + filled, into.subarray(filled, next))
    if (filled + got < next) bad = next
    filled += got
    step = Math.max(PAGE_BYTES, (bad - filled) / 2)
  }
  return filled
}
