import { writeFileSync } from 'node:fs'
import { HeapscapeError } from '../../../shared/base/errors'
import { PAGE_BYTES, type Address, type Bytes } from '../../../shared/base/units'
import { FIRST_BUILD } from '../../../shared/heapwalk/layouts/choose-layout'
import type { MemoryCounters, Privileges, ProcessRecord } from '../../../shared/model/live-capture'
import type { LiveSystem, OpenPurpose, ProcessHandle, RegionRecord, TargetFacts, ThreadRecord } from '../live-system'
import { MemoryState, MemoryType, Protection } from '../windows/constants'
import { FAKE_BUILD, FAKE_PEB, FAKE_TEB, layOut, type FakeCall, type FakeProcess, type FakeRegion } from './fake-process'

interface Open {
  readonly process: FakeProcess
  readonly regions: readonly FakeRegion[]
  readonly isClone: boolean
}

interface Life {
  isOver: boolean
  /** How often the process was frozen: its memory moves on with each time. */
  captures: number
  suspended: number
  readonly calls: Map<FakeCall, number>
}

const TYPES = { private: MemoryType.Private, image: MemoryType.Image, mapped: MemoryType.Mapped } as const

/** A computer with made-up processes that fail where they are told to; for tests, behind the same door as Windows. */
export class FakeSystem implements LiveSystem {
  readonly title = 'made-up Windows 10.0.19041'
  readonly canClone: boolean
  readonly elevated: boolean
  readonly #processes: readonly FakeProcess[]
  readonly #lives = new Map<number, Life>()
  readonly #open = new Map<ProcessHandle, Open>()
  readonly #laid = new Map<string, readonly FakeRegion[]>()
  #lastHandle = 0
  /** Addresses of guard pages that were read; a good reader leaves it empty. */
  readonly guardsTouched: Address[] = []

  constructor(processes: readonly FakeProcess[], { canClone = true, elevated = false }: { readonly canClone?: boolean; readonly elevated?: boolean } = {}) {
    this.#processes = processes
    this.canClone = canClone
    this.elevated = elevated
    for (const { pid } of processes) this.#lives.set(pid, { isOver: false, captures: 0, suspended: 0, calls: new Map() })
  }

  get openHandles(): number {
    return this.#open.size
  }

  /** Ends a process, as its user may at any time. */
  end(pid: number): void {
    this.#life(pid).isOver = true
  }

  isSuspended(pid: number): boolean {
    return this.#life(pid).suspended > 0
  }

  privileges(): Privileges {
    return { elevated: this.elevated, canElevate: !this.elevated, user: 'LAB\\reader' }
  }

  list(): ProcessRecord[] {
    return this.#processes.filter(({ pid }) => !this.#life(pid).isOver).map((process) => {
      const committed = this.#regionsOf(process).reduce((sum, region) => sum + (region.kind === 'private' ? region.bytes : 0), 0)
      const access = process.access ?? 'open'
      const isKnown = access === 'open' || access === 'self'
      return {
        pid: process.pid,
        parentPid: process.parentPid ?? 0,
        name: process.name,
        bits: access === 'elevation' ? null : process.bits,
        user: process.user === undefined ? (isKnown ? 'LAB\\reader' : null) : process.user,
        privateBytes: committed,
        workingSetBytes: Math.round(committed * 0.8),
        threads: 1,
        session: 1,
        startedAt: process.startedAt ?? '133000000000000000',
        access,
      }
    })
  }

  open(pid: number, purpose: OpenPurpose, startedAt?: string): ProcessHandle {
    const process = this.#processes.find((candidate) => candidate.pid === pid)
    if (process === undefined) throw ended(pid, 'there is no process with this id (any more)')
    this.#count(process, 'open')
    if (startedAt !== undefined && startedAt !== (process.startedAt ?? '133000000000000000')) throw ended(pid, 'another process has its id now')
    if (process.access === 'protected') throw new HeapscapeError('live-process-protected', { pid })
    if (process.access !== undefined && process.access !== 'open') throw new HeapscapeError('live-access-denied', { pid, detail: 'OpenProcess failed with ERROR_ACCESS_DENIED (5); it may need elevation' })
    if (purpose === 'suspend' || purpose === 'clone') this.#life(pid).captures++
    return this.#handle({ process, regions: this.#regionsOf(process), isClone: false })
  }

  facts(handle: ProcessHandle): TargetFacts {
    const { process } = this.#of(handle)
    this.#count(process, 'facts')
    const pebs = process.bits === 64 ? [{ address: FAKE_PEB[64], bits: 64 as const }] : [{ address: FAKE_PEB[64], bits: 64 as const }, { address: FAKE_PEB[32], bits: 32 as const }]
    return { name: process.name, path: `C:\\Programs\\${process.name}`, bits: process.bits, nativeBits: 64, pebs, build: FIRST_BUILD[FAKE_BUILD], system: this.title, startedAt: process.startedAt ?? '133000000000000000' }
  }

  regions(handle: ProcessHandle): RegionRecord[] {
    const { process, regions, isClone } = this.#of(handle)
    if (!isClone) this.#count(process, 'regions')
    const records: RegionRecord[] = []
    let at = 0
    let reservation = 0
    let reservationEnd = 0
    const free = (to: Address): void => {
      if (to > at) records.push({ base: at, allocationBase: 0, bytes: to - at, state: MemoryState.Free, protection: Protection.NoAccess, type: 0 })
    }
    for (const region of regions) {
      const end = region.base + region.bytes
      if (region.base > at) free(region.base)
      // Pieces that touch with the same file or none, of one reservation: the stack and its guard.
      if (region.base !== reservationEnd || region.kind !== 'private') reservation = region.base
      records.push({ base: region.base, allocationBase: reservation, bytes: region.bytes, state: MemoryState.Commit, protection: region.protection, type: TYPES[region.kind] })
      if (region.reservedBehind > 0) records.push({ base: end, allocationBase: reservation, bytes: region.reservedBehind, state: MemoryState.Reserve, protection: 0, type: TYPES[region.kind] })
      at = end + region.reservedBehind
      reservationEnd = at
    }
    free(2 ** 47)
    return records
  }

  read(handle: ProcessHandle, address: Address, into: Uint8Array): Bytes {
    const { process, regions, isClone } = this.#of(handle)
    if (!isClone) {
      if (this.#life(process.pid).isOver) return 0
      try {
        this.#count(process, 'read')
      } catch {
        return 0
      }
    }
    let filled = 0
    while (filled < into.length) {
      const at = address + filled
      const region = regionAt(regions, at)
      if (region === undefined) break
      if ((region.protection & Protection.Guard) !== 0) {
        this.guardsTouched.push(at)
        break
      }
      let end = Math.min(region.base + region.bytes, address + into.length)
      for (const page of process.unreadable ?? []) if (page + PAGE_BYTES > at && page < end) end = Math.min(end, Math.max(at, page))
      if (end <= at) break
      const part = into.subarray(filled, filled + end - at)
      if (region.content !== undefined) part.set(region.content.subarray(at - region.base, end - region.base))
      else part.fill(1 + (Math.floor(at / PAGE_BYTES) % 255))
      filled += part.length
    }
    // Windows fails such a read as a whole and may say that nothing came: the worse case is played.
    return filled === into.length ? filled : 0
  }

  mappedFile(handle: ProcessHandle, address: Address): string {
    return regionAt(this.#of(handle).regions, address)?.file ?? ''
  }

  threads(handle: ProcessHandle): ThreadRecord[] {
    const { process } = this.#of(handle)
    return [{ id: process.pid + 4, teb: FAKE_TEB[process.bits] }]
  }

  counters(handle: ProcessHandle): MemoryCounters | null {
    const { regions } = this.#of(handle)
    const commitBytes = regions.reduce((sum, region) => sum + (region.kind === 'private' ? region.bytes : 0), 0)
    return { commitBytes, privateBytes: commitBytes, workingSetBytes: Math.round(commitBytes * 0.8), peakWorkingSetBytes: commitBytes }
  }

  isRunning(handle: ProcessHandle): boolean {
    return !this.#life(this.#of(handle).process.pid).isOver
  }

  clone(handle: ProcessHandle): ProcessHandle {
    const { process, regions } = this.#of(handle)
    this.#count(process, 'clone')
    if (!this.canClone || process.noClone === true) throw new HeapscapeError('live-clone-unavailable', { pid: process.pid, detail: 'PssCaptureSnapshot failed with ERROR_NOT_SUPPORTED (50)' })
    return this.#handle({ process, regions, isClone: true })
  }

  suspend(handle: ProcessHandle): void {
    const { process } = this.#of(handle)
    this.#count(process, 'suspend')
    this.#life(process.pid).suspended++
  }

  resume(handle: ProcessHandle): void {
    const { process } = this.#of(handle)
    this.#count(process, 'resume')
    this.#life(process.pid).suspended--
  }

  writeDump(handle: ProcessHandle, path: string): void {
    const { process } = this.#of(handle)
    this.#count(process, 'dump')
    writeFileSync(path, `a dump of ${process.name}`)
  }

  close(handle: ProcessHandle): void {
    this.#of(handle)
    this.#open.delete(handle)
  }

  #handle(open: Open): ProcessHandle {
    const handle = (this.#lastHandle += 4) as ProcessHandle
    this.#open.set(handle, open)
    return handle
  }

  #of(handle: ProcessHandle): Open {
    const open = this.#open.get(handle)
    if (open === undefined) throw new HeapscapeError('live-call-failed', { call: 'CloseHandle', error: 'ERROR_INVALID_HANDLE', number: 6 })
    return open
  }

  #life(pid: number): Life {
    return this.#lives.get(pid)!
  }

  #regionsOf(process: FakeProcess): readonly FakeRegion[] {
    const stage = Math.min(Math.max(0, this.#life(process.pid).captures - 1), process.stages.length - 1)
    const key = `${process.pid} ${stage}`
    const known = this.#laid.get(key) ?? layOut(process, process.stages[stage]!)
    this.#laid.set(key, known)
    return known
  }

  /** Counts a call, and ends the process where it is told to. */
  #count(process: FakeProcess, call: FakeCall): void {
    const life = this.#life(process.pid)
    const time = (life.calls.get(call) ?? 0) + 1
    life.calls.set(call, time)
    if (process.endsAt?.call === call && process.endsAt.time === time) life.isOver = true
    if (life.isOver) throw ended(process.pid, 'while it was captured')
  }
}

function regionAt(regions: readonly FakeRegion[], address: Address): FakeRegion | undefined {
  let low = 0
  let high = regions.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (regions[middle]!.base <= address) low = middle + 1
    else high = middle
  }
  const region = regions[low - 1]
  return region !== undefined && address < region.base + region.bytes ? region : undefined
}

const ended = (pid: number, detail: string): HeapscapeError => new HeapscapeError('live-process-ended', { pid, detail })
