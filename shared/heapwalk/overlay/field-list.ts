import type { Address, Bytes } from '../../base/units'
import type { OverlayField } from '../../model/process-memory'
import type { Layout } from '../layouts/choose-layout'
import type { MemoryView } from '../memory-view'

const LOWEST_POINTER = 0x10000

/** Collects the named runs of bytes of one structure after another. */
export class FieldList {
  readonly fields: OverlayField[] = []
  readonly #view: MemoryView

  constructor(view: MemoryView) {
    this.#view = view
  }

  add(structure: string, field: string, address: Address, bytes: Bytes, text = ''): void {
    if (bytes > 0) this.fields.push({ address, bytes, structure, field, text })
  }

  /** A pointer; one that leads to memory that can be read can be followed. */
  addPointer(structure: string, field: string, address: Address, bits: 32 | 64): void {
    const value = this.#view.pointer(address, bits)
    const place = { address, bytes: bits / 8, structure, field }
    if (Number.isNaN(value)) this.fields.push({ ...place, text: 'no address of a process' })
    else this.fields.push({ ...place, text: value === 0 ? 'null' : hexNumber(value), ...(this.#isReadable(value) ? { target: value } : {}) })
  }

  /** Every member a layout knows; `nested` names the structures that stand inside this one. */
  addStructure(layout: Layout, structure: string, address: Address, nested: Readonly<Record<string, (at: Address) => void>> = {}): void {
    const word = layout.bits / 8
    for (const { name, offset, bytes } of layout.members(structure)) {
      const at = address + offset
      const inner = nested[name]
      if (inner !== undefined) inner(at)
      else if (bytes === 2 * word && this.#isReadable(this.#view.pointer(at, layout.bits))) this.#addLinks(structure, name, at, layout.bits)
      else if (bytes === word && this.#isReadable(this.#view.pointer(at, layout.bits))) this.addPointer(structure, name, at, layout.bits)
      else this.add(structure, name, at, bytes, this.#valueText(at, bytes))
    }
  }

  #addLinks(structure: string, name: string, at: Address, bits: 32 | 64): void {
    this.addPointer(structure, `${name}.Flink`, at, bits)
    this.addPointer(structure, `${name}.Blink`, at + bits / 8, bits)
  }

  #isReadable(value: number): boolean {
    return value >= LOWEST_POINTER && !Number.isNaN(this.#view.u8(value))
  }

  /** Little-endian numbers of up to 8 bytes; longer runs have no value of their own. */
  #valueText(at: Address, bytes: Bytes): string {
    if (bytes === 1) return numberText(this.#view.u8(at))
    if (bytes === 2) return numberText(this.#view.u16(at))
    if (bytes === 4) return numberText(this.#view.u32(at))
    return bytes === 8 ? numberText(this.#view.pointer(at, 64)) : ''
  }
}

export const hexNumber = (value: number): string => `0x${value.toString(16).toUpperCase()}`

const numberText = (value: number): string => (Number.isNaN(value) ? '' : value < 10 ? String(value) : `${value}, ${hexNumber(value)}`)

/** `0A FF`. */
export const byteText = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join(' ')
