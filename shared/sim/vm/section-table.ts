import { PAGE_BYTES, RESERVATION_BYTES, roundUp, type Address, type Bytes } from '../../base/units'
import { MemoryType, Protection, SectionFlag, ViewAccess, isProtection, isWritable } from './memory-constants'
import { Section } from './section'
import type { VirtualMemory } from './virtual-memory'

export type SectionFailure = 'none' | 'invalid-parameter' | 'invalid-handle' | 'invalid-address' | 'access-denied' | 'alignment' | 'already-exists' | 'memory'

/** Handles of simulated objects are multiples of four, as Windows gives them out. */
const FIRST_HANDLE = 0x10
const HANDLE_STEP = 4

/**
 * Sections backed by the page file, their handles and their views. `memory` as failure means that the space or the
 * commit limit refused; VirtualMemory.failure says which.
 */
export class SectionTable {
  failure: SectionFailure = 'none'
  readonly #memory: VirtualMemory
  readonly #handles = new Map<number, Section>()
  #next = FIRST_HANDLE

  constructor(memory: VirtualMemory) {
    this.#memory = memory
  }

  /** CreateFileMapping; a handle, 0 on failure. A name that exists gives another handle and `already-exists`. */
  create(protectAndFlags: number, bytes: Bytes, name: string): number {
    this.failure = 'none'
    const existing = name === '' ? undefined : [...this.#handles.values()].find((section) => section.name === name)
    if (existing !== undefined) {
      this.failure = 'already-exists'
      return this.#open(existing)
    }
    const sectionFlags = protectAndFlags & (SectionFlag.SEC_RESERVE | SectionFlag.SEC_COMMIT)
    const protect = protectAndFlags & ~(SectionFlag.SEC_RESERVE | SectionFlag.SEC_COMMIT)
    const both = sectionFlags === (SectionFlag.SEC_RESERVE | SectionFlag.SEC_COMMIT)
    if (both || !isProtection(protect) || (protect & ~SECTION_PROTECTIONS) !== 0 || !(bytes > 0)) return this.#fail('invalid-parameter')
    const isReserved = sectionFlags === SectionFlag.SEC_RESERVE
    const size = roundUp(bytes, PAGE_BYTES)
    if (!isReserved && !this.#memory.charge(size)) return this.#fail('memory')
    return this.#open(new Section(size, protect, name, isReserved))
  }

  /** MapViewOfFile; the base of the view, 0 on failure. */
  map(handle: number, access: number, offset: Bytes, bytes: Bytes): Address {
    const section = this.#handles.get(handle)
    if (section === undefined) return this.#fail('invalid-handle')
    if (offset % RESERVATION_BYTES !== 0) return this.#fail('alignment')
    const protect = viewProtection(access)
    if (protect === 0) return this.#fail('invalid-parameter')
    const size = bytes === 0 ? section.bytes - offset : roundUp(bytes, PAGE_BYTES)
    const writes = protect === Protection.PAGE_READWRITE || protect === Protection.PAGE_EXECUTE_READWRITE
    if (!(size > 0) || offset + size > section.bytes || (writes && !sharesWrites(section.protect))) return this.#fail('access-denied')
    const memory = this.#memory
    const base = memory.runs.findFree(size, RESERVATION_BYTES, false)
    if (base < 0) {
      memory.refuse('no-address-space')
      return this.#fail('memory')
    }
    const copies = protect === Protection.PAGE_WRITECOPY || protect === Protection.PAGE_EXECUTE_WRITECOPY
    if (copies && section.isReserved) return this.#fail('access-denied')
    if (copies && !memory.charge(size)) return this.#fail('memory')
    const owner = section.name === '' ? 'section' : `section '${section.name}'`
    memory.place({ base, bytes: size, protect, type: MemoryType.MEM_MAPPED, owner, isKept: false, section, sectionOffset: offset }, !section.isReserved)
    section.references++
    if (section.isReserved) this.#showCommitted(base, section, offset, size, protect)
    return base
  }

  /** UnmapViewOfFile; the address must be the base of a view. */
  unmap(address: Address): boolean {
    const run = this.#memory.runs.find(address)
    const view = run < 0 ? undefined : this.#memory.runs.allocation(run)
    if (view?.section === undefined || view.base !== address) return this.#fail('invalid-address') !== 0
    this.#memory.remove(view)
    this.#release(view.section)
    return true
  }

  close(handle: number): boolean {
    const section = this.#handles.get(handle)
    if (section === undefined) return this.#fail('invalid-handle') !== 0
    this.#handles.delete(handle)
    this.#release(section)
    return true
  }

  #open(section: Section): number {
    const handle = this.#next
    this.#next += HANDLE_STEP
    section.references++
    this.#handles.set(handle, section)
    return handle
  }

  #release(section: Section): void {
    if (--section.references > 0) return
    this.#memory.commit.give(section.isReserved ? section.committed.size * PAGE_BYTES : section.bytes)
  }

  /** A new view shows what other views of a reserved section have committed. */
  #showCommitted(base: Address, section: Section, offset: Bytes, size: Bytes, protect: number): void {
    const memory = this.#memory
    const allocation = memory.runs.allocation(memory.runs.find(base))
    for (const page of section.committed) {
      const at = base + page * PAGE_BYTES - offset
      if (at < base || at >= base + size) continue
      memory.runs.assign(at, at + PAGE_BYTES, allocation, protect)
      memory.committedBytes += PAGE_BYTES
    }
  }

  #fail(failure: SectionFailure): 0 {
    this.failure = failure
    return 0
  }
}

const SECTION_PROTECTIONS =
  Protection.PAGE_READONLY |
  Protection.PAGE_READWRITE |
  Protection.PAGE_WRITECOPY |
  Protection.PAGE_EXECUTE_READ |
  Protection.PAGE_EXECUTE_READWRITE |
  Protection.PAGE_EXECUTE_WRITECOPY |
  Protection.PAGE_NOCACHE |
  Protection.PAGE_WRITECOMBINE

const sharesWrites = (protect: number): boolean => isWritable(protect) && (protect & (Protection.PAGE_WRITECOPY | Protection.PAGE_EXECUTE_WRITECOPY)) === 0

/** PAGE_* of a view; FILE_MAP_ALL_ACCESS (0xF001F) holds the write bit and maps for writing. 0 = no access asked. */
function viewProtection(access: number): number {
  const executes = (access & ViewAccess.FILE_MAP_EXECUTE) !== 0
  if ((access & ViewAccess.FILE_MAP_WRITE) !== 0) return executes ? Protection.PAGE_EXECUTE_READWRITE : Protection.PAGE_READWRITE
  if ((access & ViewAccess.FILE_MAP_COPY) !== 0) return executes ? Protection.PAGE_EXECUTE_WRITECOPY : Protection.PAGE_WRITECOPY
  if ((access & ViewAccess.FILE_MAP_READ) !== 0) return executes ? Protection.PAGE_EXECUTE_READ : Protection.PAGE_READONLY
  return 0
}
