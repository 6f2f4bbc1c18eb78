import type { Address, Bytes } from '../base/units'
import type { ProcessMemory } from '../model/process-memory'
import { RegionState, RegionTable } from '../model/region-table'

export interface MemoryPiece {
  readonly address: Address
  readonly bytes: Uint8Array
  /** Bytes of reserved memory right behind. */
  readonly reservedBehind: Bytes
}

/** An address space made of pieces; what lies between them is free and not listed. */
export class BuiltMemory implements ProcessMemory {
  readonly #pieces: readonly MemoryPiece[]

  constructor(pieces: readonly MemoryPiece[]) {
    this.#pieces = [...pieces].sort((a, b) => a.address - b.address)
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
    let low = 0
    let high = this.#pieces.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#pieces[middle]!.address <= address) low = middle + 1
      else high = middle
    }
    const piece = this.#pieces[low - 1]
    return piece === undefined ? new Uint8Array(0) : piece.bytes.slice(address - piece.address, Math.max(0, address - piece.address + length))
  }
}
