import type { FrameTable } from '../../model/call-stacks'

/** `ntdll!RtlAllocateHeap+0000005A`, `app!main+0x2C (d:\src\app.cpp, 12)`. */
const SYMBOL = /^([^\s!]+)!(.+?)(?:\+(?:0x)?([0-9A-Fa-f]{1,16}))?(?: *\(([^()]+?)(?:, *|@)(\d{1,9})\))?$/
const ADDRESS = /^(?:0x)?([0-9A-Fa-f]{1,16})$/

/** Frames as UMDH writes them, each text once: a symbol, or a bare address. */
export class UmdhFrames {
  readonly #frames: FrameTable
  readonly #rows = new Map<string, number>()

  constructor(frames: FrameTable) {
    this.#frames = frames
  }

  rowOf(text: string): number {
    const known = this.#rows.get(text)
    if (known !== undefined) return known
    const row = this.#frames.add(frameOf(text))
    this.#rows.set(text, row)
    return row
  }
}

function frameOf(text: string): Parameters<FrameTable['add']>[0] {
  const address = ADDRESS.exec(text)
  if (address !== null) {
    const at = parseInt(address[1]!, 16)
    return Number.isSafeInteger(at) ? { address: at } : {}
  }
  const match = SYMBOL.exec(text)
  if (match === null) return { function: text }
  return { module: match[1]!, function: match[2]!, file: match[4] ?? '', line: Number(match[5] ?? 0) }
}
