import type { Bytes } from '../../base/units'
import { PageStore } from './page-store'

/** A section backed by the page file: pages that any number of views show. */
export class Section {
  readonly bytes: Bytes
  /** PAGE_* of CreateFileMapping. */
  readonly protect: number
  readonly name: string
  /** Page numbers count from the start of the section. */
  readonly pages = new PageStore()
  /** Made with SEC_RESERVE: its pages are charged as views commit them. */
  readonly isReserved: boolean
  /** Pages committed so far, by number, of a reserved section. */
  readonly committed = new Set<number>()
  /** Open handles and mapped views. */
  references = 0

  constructor(bytes: Bytes, protect: number, name: string, isReserved: boolean) {
    this.bytes = bytes
    this.protect = protect
    this.name = name
    this.isReserved = isReserved
  }
}
