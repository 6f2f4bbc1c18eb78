import type { Address, Bytes } from '../../base/units'
import type { ProcessMemory } from '../../model/process-memory'
import { RegionState, RegionTable } from '../../model/region-table'

/** Memory made of pieces at addresses; everything else is free. */
export class SparseMemory implements ProcessMemory {
  readonly #pieces: { readonly address: Address; readonly bytes: Uint8Array; readonly reservedBehind: Bytes }[] = []

  add(address: Address, bytes: Uint8Array, reservedBehind: Bytes = 0): this {
    this.#pieces.push({ address, bytes, reservedBehind })
    this.#pieces.sort((a, b) => a.address - b.address)
    return this
  }

  regions(): RegionTable {
    const table = new RegionTable()
    const push = (base: Address, size: Bytes, state: RegionState): void => {
      if (size === 0) return
      table.base.push(base)
      table.size.push(size)
      table.state.push(state)
      table.owner.push(-1)
    }
    for (const { address, bytes, reservedBehind } of this.#pieces) {
      push(address, bytes.length, RegionState.Committed)
      push(address + bytes.length, reservedBehind, RegionState.Reserved)
    }
    return table
  }

  owners(): readonly string[] {
    return []
  }

  read(address: Address, length: Bytes): Uint8Array {
    const piece = this.#pieces.find((candidate) => address >= candidate.address && address < candidate.address + candidate.bytes.length)
    return piece === undefined ? new Uint8Array(0) : piece.bytes.slice(address - piece.address, address - piece.address + length)
  }
}
