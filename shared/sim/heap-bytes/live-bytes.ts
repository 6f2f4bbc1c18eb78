import { PAGE_BYTES, type Address, type Bytes } from '../../base/units'
import { ImageMarks } from '../../heapwalk/materialise/image-marks'
import type { MemoryAccess } from '../vm/memory-access'
import type { WindowsHeap } from './windows-heap'

/** A page with bytes of the heap. */
interface Page {
  /** What the heap wrote. */
  readonly bytes: Uint8Array
  /** 1 for each byte of `bytes` that is the heap's. */
  readonly own: Uint8Array
  /** What lay there before the heap wrote. */
  readonly under: Uint8Array
}

const NOTHING = new Uint8Array(PAGE_BYTES)

/*
 * Keeps the structures of a heap in the memory of its process. The image of a heap is made as a whole, and only when
 * somebody looks; the process must be the same whether anybody did. So the heap's bytes lie over the program's:
 *
 *   program   41 41 41 41 41 41 41 41 41 41       what it wrote last, or 0
 *   heap            7C 1A C3 0B                   header of a free block
 *   memory    41 41 7C 1A C3 0B 41 41 41 41       and when the header goes, the program's bytes are there again
 *
 * (In Windows the dead header would stay until the program writes there.) A byte of the heap is written when it differs
 * from what the heap wrote there last: what the program wrote over it stays until then.
 */
export class LiveBytes {
  readonly #access: MemoryAccess
  readonly #pages = new Map<number, Page>()

  constructor(access: MemoryAccess) {
    this.#access = access
  }

  /** Writes what changed since the last time; nothing for a heap whose layout is not known. */
  renew(heap: WindowsHeap): void {
    const marks = new ImageMarks()
    const image = heap.image(marks)
    if (image === undefined) return
    const left = new Set(this.#pages.keys())
    for (const { address, bytes } of image.memory) {
      for (let at = address; at < address + bytes.length; at += PAGE_BYTES) {
        const number = at / PAGE_BYTES
        const own = marks.pages.get(number)
        if (own === undefined) continue
        left.delete(number)
        this.#renewPage(number, bytes.slice(at - address, at - address + PAGE_BYTES), own)
      }
    }
    for (const number of left) {
      this.#renewPage(number, NOTHING, NOTHING)
      this.#pages.delete(number)
    }
  }

  /** The bytes are the program's again. */
  giveBack(address: Address, length: Bytes): void {
    this.#forEach(address, length, (page, from, to, at) => {
      if (!page.own.subarray(from, to).includes(1)) return
      const now = this.#access.copyOut(at, to - from)
      const next = now.slice()
      for (let i = from; i < to; i++) {
        if (page.own[i] === 1 && now[i - from] === page.bytes[i]) next[i - from] = page.under[i]!
        page.own[i] = 0
      }
      this.#access.put(at, next)
    })
  }

  /** The pages are no longer in memory, and what was in them is gone. */
  drop(address: Address, length: Bytes): void {
    this.#forEach(address, length, (page, from, to) => page.own.fill(0, from, to))
  }

  /** Whether bytes of the range are the heap's. */
  owns(address: Address, length: Bytes): boolean {
    let found = false
    this.#forEach(address, length, (page, from, to) => {
      found ||= page.own.subarray(from, to).includes(1)
    })
    return found
  }

  /** Whether the heap's bytes in the range are as it wrote them. */
  isIntact(address: Address, length: Bytes): boolean {
    let isIntact = true
    this.#forEach(address, length, (page, from, to, at) => {
      const found = this.#access.copyOut(at, to - from)
      for (let i = 0; isIntact && i < found.length; i++) isIntact = page.own[from + i] === 0 || page.bytes[from + i] === found[i]
    })
    return isIntact
  }

  isAllIntact(): boolean {
    for (const number of this.#pages.keys()) if (!this.isIntact(number * PAGE_BYTES, PAGE_BYTES)) return false
    return true
  }

  #renewPage(number: number, bytes: Uint8Array, own: Uint8Array): void {
    const base = number * PAGE_BYTES
    const old = this.#pages.get(number)
    const now = this.#access.copyOut(base, PAGE_BYTES)
    const next = now.slice()
    const under = old?.under ?? new Uint8Array(PAGE_BYTES)
    for (let i = 0; i < PAGE_BYTES; i++) {
      const wasOwn = old !== undefined && old.own[i] === 1
      if (own[i] === 1) {
        if (!wasOwn) under[i] = now[i]!
        if (!wasOwn || old.bytes[i] !== bytes[i]) next[i] = bytes[i]!
      } else if (wasOwn && now[i] === old.bytes[i]) next[i] = under[i]!
    }
    this.#access.put(base, next)
    this.#pages.set(number, { bytes, own, under })
  }

  #forEach(address: Address, length: Bytes, visit: (page: Page, from: number, to: number, at: Address) => void): void {
    for (let at = address; at < address + length; ) {
      const number = Math.floor(at / PAGE_BYTES)
      const from = at - number * PAGE_BYTES
      const to = Math.min(PAGE_BYTES, from + address + length - at)
      const page = this.#pages.get(number)
      if (page !== undefined) visit(page, from, to, at)
      at += to - from
    }
  }
}
