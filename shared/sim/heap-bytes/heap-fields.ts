import type { Address, Bytes } from '../../base/units'
import { ProcessOverlay } from '../../heapwalk/overlay/process-overlay'
import type { OverlayField } from '../../model/process-memory'
import { BlockState } from '../../model/snapshot'
import { RegionTable } from '../../model/region-table'
import type { MemoryAccess } from '../vm/memory-access'
import type { HeapPart, HeapPiece } from './heap-parts'
import type { WindowsHeap } from './windows-heap'

/** Names the bytes of a heap in the memory of its process, with what walks dumps: what is read there is read here. */
export class HeapFields {
  readonly #windows: WindowsHeap
  readonly #access: MemoryAccess

  constructor(windows: WindowsHeap, access: MemoryAccess) {
    this.#windows = windows
    this.#access = access
  }

  /** Fields that touch [from, to), in the order of the pieces. */
  of(parts: readonly HeapPart[], requestedOf: (block: number) => Bytes, from: Address, to: Address): OverlayField[] {
    const overlay = this.#overlay()
    const found: OverlayField[] = []
    for (const { base, bytes, pieces } of parts) {
      if (base >= to || base + bytes <= from) continue
      for (const piece of pieces) {
        if (piece.address >= to || piece.address + piece.bytes <= from || piece.state === BlockState.Uncommitted) continue
        const requested = piece.block === 0 ? 0 : requestedOf(piece.block)
        const fields = overlay === undefined ? unknownHeader(piece, requested) : overlay.fields(0, { ...piece, size: piece.bytes, requested })
        for (const field of fields) if (field.address < to && field.address + field.bytes > from) found.push(field)
      }
    }
    return found
  }

  /** Made anew for each page of bytes: it keeps pages of memory, and memory changes. */
  #overlay(): ProcessOverlay | undefined {
    const { build, flavour, heap } = this.#windows
    if (build === undefined) return undefined
    const access = this.#access
    const memory = { regions: () => new RegionTable(), owners: () => [], read: (address: Address, length: Bytes) => access.peek(address, length) }
    const bits = heap.granularityBytes === 16 ? 64 : 32
    return new ProcessOverlay(memory, [{ address: heap.base, flavour, bits, layout: build }])
  }
}

/** Where the bytes of headers are not known, only their place is told. */
function unknownHeader({ address, headerBytes, state, bytes }: HeapPiece, requested: Bytes): OverlayField[] {
  if (state === BlockState.Internal) return [{ address, bytes, structure: 'structure of the heap', field: 'not described', text: 'its layout is not known, so no bytes are shown' }]
  const header = { address, bytes: headerBytes, structure: 'block header', field: 'not described', text: 'its layout is not known, so no bytes are shown' }
  const data = { address: address + headerBytes, bytes: state === BlockState.Busy ? requested : bytes - headerBytes, structure: 'block', field: state === BlockState.Busy ? 'data' : 'free bytes', text: state === BlockState.Busy ? `${requested} bytes requested` : '' }
  return [header, data].filter((field) => field.bytes > 0)
}
