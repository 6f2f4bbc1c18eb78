import { HeapscapeError } from '../../../shared/base/errors'
import type { Address, Bytes } from '../../../shared/base/units'
import type { MemoryCounters, Privileges, ProcessRecord } from '../../../shared/model/live-capture'
import type { LiveSystem, OpenPurpose, ProcessHandle, RegionRecord, TargetFacts, ThreadRecord } from '../live-system'
import { CREATE_ALWAYS, ErrorNumber, FULL_DUMP, GENERIC_READ, GENERIC_WRITE, INVALID_HANDLE, ProcessBasicInformation, ProcessProtectionInformation, ProcessRight, ProcessWow64Information, PSS_CAPTURE_VA_CLONE, PSS_QUERY_VA_CLONE_INFORMATION, THREAD_QUERY_INFORMATION, ThreadBasicInformation, WAIT_TIMEOUT } from './constants'
import { callFailed, type CallValue, type NativeCalls } from './native-calls'
import type { CallName } from './signatures'
import { listEntries, type SystemEntry } from './process-list'
import { enableDebugPrivilege, isElevated, isLimited, ownUser, userOfProcess } from './tokens'
import { MEMORY_BASIC_INFORMATION, OSVERSIONINFOW, placement, PROCESS_BASIC_INFORMATION, PROCESS_MEMORY_COUNTERS_EX, PSS_VA_CLONE_INFORMATION, StructureView, THREAD_BASIC_INFORMATION } from './structures'

/** This program is built for 64 bits only; the structures it hands over are too. */
const OWN_BITS = 64

const READ_RIGHTS = ProcessRight.QueryInformation | ProcessRight.VmRead | ProcessRight.Synchronize
/** Rights by purpose, none more than its calls are documented to need. */
const RIGHTS: Readonly<Record<OpenPurpose, number>> = {
  read: READ_RIGHTS,
  suspend: READ_RIGHTS | ProcessRight.SuspendResume,
  clone: READ_RIGHTS | ProcessRight.CreateProcess | ProcessRight.VmOperation | ProcessRight.DupHandle,
  dump: READ_RIGHTS | ProcessRight.DupHandle,
}
/** More regions than any process has: a list that does not end ends here. */
const MAX_REGIONS = 4_000_000
const MAX_PATH_CHARACTERS = 32_768

/** Windows, by its own calls. */
export class WindowsSystem implements LiveSystem {
  readonly title: string
  readonly #calls: NativeCalls
  readonly #build: number
  readonly #isWine: boolean
  /** Snapshots that clones belong to. */
  readonly #snapshots = new Map<ProcessHandle, number>()
  #openHandles = 0

  constructor(calls: NativeCalls) {
    this.#calls = calls
    const version = new StructureView(OSVERSIONINFOW, OWN_BITS)
    version.set('dwOSVersionInfoSize', version.bytes.length)
    calls.call('RtlGetVersion', version.bytes)
    this.#isWine = calls.has('wine_get_version')
    this.#build = version.get('dwBuildNumber')
    this.title = `${this.#isWine ? 'Wine, as Windows' : 'Windows'} ${version.get('dwMajorVersion')}.${version.get('dwMinorVersion')}.${this.#build}`
  }

  get openHandles(): number {
    return this.#openHandles
  }

  get canClone(): boolean {
    return this.#calls.has('PssCaptureSnapshot') && this.#calls.has('PssQuerySnapshot') && this.#calls.has('PssFreeSnapshot')
  }

  privileges(): Privileges {
    const elevated = this.#isElevated()
    return { elevated, canElevate: !elevated && isLimited(this.#calls), user: ownUser(this.#calls) }
  }

  list(): ProcessRecord[] {
    const elevated = this.#isElevated()
    if (elevated) enableDebugPrivilege(this.#calls)
    return listEntries(this.#calls).filter(({ pid }) => pid !== 0).map((entry) => ({ ...entry, ...this.#ask(entry, elevated) }))
  }

  open(pid: number, purpose: OpenPurpose, startedAt?: string): ProcessHandle {
    const elevated = this.#isElevated()
    if (elevated) enableDebugPrivilege(this.#calls)
    const opened = this.#calls.attempt('OpenProcess', RIGHTS[purpose], 0, pid)
    if (opened.error === ErrorNumber.InvalidParameter) throw new HeapscapeError('live-process-ended', { pid, detail: 'there is no process with this id (any more)' })
    if (opened.error === ErrorNumber.AccessDenied) throw this.#denied(pid, elevated)
    if (opened.value === 0) throw callFailed('OpenProcess', opened)
    this.#openHandles++
    const handle = opened.value as ProcessHandle
    const entry = startedAt === undefined ? undefined : listEntries(this.#calls).find((candidate) => candidate.pid === pid)
    if (startedAt !== undefined && entry?.startedAt !== startedAt) {
      this.close(handle)
      throw new HeapscapeError('live-process-ended', { pid, detail: 'another process has its id now' })
    }
    return handle
  }

  facts(handle: ProcessHandle): TargetFacts {
    const path = this.#path(handle)
    const bits = this.#bits(handle)
    const basic = new StructureView(PROCESS_BASIC_INFORMATION, OWN_BITS)
    this.#onTarget(handle, 'NtQueryInformationProcess', handle, ProcessBasicInformation, basic.bytes, basic.bytes.length, null)
    const pebs: { address: Address; bits: 32 | 64 }[] = [{ address: basic.get('PebBaseAddress'), bits: 64 }]
    if (bits === 32) {
      const narrow = new BigUint64Array(1)
      const asked = this.#calls.attempt('NtQueryInformationProcess', handle, ProcessWow64Information, narrow, 8, null)
      if (asked.error === 0 && narrow[0] !== 0n) pebs.push({ address: Number(narrow[0]), bits: 32 })
    }
    const pid = basic.get('UniqueProcessId')
    const startedAt = listEntries(this.#calls).find((entry) => entry.pid === pid)?.startedAt ?? ''
    return { name: path.slice(path.lastIndexOf('\\') + 1), path, bits, nativeBits: OWN_BITS, pebs, build: this.#isWine ? 0 : this.#build, system: this.title, startedAt }
  }

  regions(handle: ProcessHandle): RegionRecord[] {
    const info = new StructureView(MEMORY_BASIC_INFORMATION, OWN_BITS)
    const regions: RegionRecord[] = []
    let at = 0
    while (regions.length < MAX_REGIONS && this.#calls.attempt('VirtualQueryEx', handle, at, info.bytes, info.bytes.length).value > 0) {
      const base = info.get('BaseAddress')
      const bytes = info.get('RegionSize')
      regions.push({ base, allocationBase: info.get('AllocationBase'), bytes, state: info.get('State'), protection: info.get('Protect'), type: info.get('Type') })
      if (!(base + bytes > at)) break
      at = base + bytes
    }
    if (regions.length === 0) throw this.#failureOn(handle, 'VirtualQueryEx')
    return regions
  }

  read(handle: ProcessHandle, address: Address, into: Uint8Array): Bytes {
    const got = new BigUint64Array(1)
    const { value } = this.#calls.attempt('ReadProcessMemory', handle, address, into, into.length, got)
    // A read that meets a page it may not touch fails as a whole, and tells how far it came.
    return value !== 0 ? into.length : Math.min(into.length, Number(got[0]))
  }

  mappedFile(handle: ProcessHandle, address: Address): string {
    const text = new Uint8Array(2 * MAX_PATH_CHARACTERS)
    const { value } = this.#calls.attempt('K32GetMappedFileNameW', handle, address, text, MAX_PATH_CHARACTERS)
    return utf16(text, value)
  }

  threads(handle: ProcessHandle): ThreadRecord[] {
    const pid = this.#pid(handle)
    const ids = listEntries(this.#calls).find((entry) => entry.pid === pid)?.threadIds ?? []
    const basic = new StructureView(THREAD_BASIC_INFORMATION, OWN_BITS)
    const threads: ThreadRecord[] = []
    for (const id of ids) {
      const opened = this.#calls.attempt('OpenThread', THREAD_QUERY_INFORMATION, 0, id)
      if (opened.value === 0) continue
      this.#openHandles++
      const asked = this.#calls.attempt('NtQueryInformationThread', opened.value, ThreadBasicInformation, basic.bytes, basic.bytes.length, null)
      if (asked.error === 0 && basic.get('TebBaseAddress') > 0) threads.push({ id, teb: basic.get('TebBaseAddress') })
      this.close(opened.value as ProcessHandle)
    }
    return threads
  }

  counters(handle: ProcessHandle): MemoryCounters | null {
    const info = new StructureView(PROCESS_MEMORY_COUNTERS_EX, OWN_BITS)
    info.set('cb', info.bytes.length)
    if (this.#calls.attempt('K32GetProcessMemoryInfo', handle, info.bytes, info.bytes.length).value === 0) return null
    const privateBytes = info.get('PrivateUsage')
    // Wine leaves it empty; no process has none.
    return { commitBytes: info.get('PagefileUsage'), privateBytes: privateBytes === 0 ? null : privateBytes, workingSetBytes: info.get('WorkingSetSize'), peakWorkingSetBytes: info.get('PeakWorkingSetSize') }
  }

  isRunning(handle: ProcessHandle): boolean {
    return this.#calls.call('WaitForSingleObject', handle, 0) === WAIT_TIMEOUT
  }

  clone(handle: ProcessHandle): ProcessHandle {
    const pid = this.#pid(handle)
    if (!this.canClone) throw new HeapscapeError('live-clone-unavailable', { pid, detail: 'this system has no PssCaptureSnapshot (Windows 8.1 and later have it)' })
    const snapshot = new BigUint64Array(1)
    const captured = this.#calls.attempt('PssCaptureSnapshot', handle, PSS_CAPTURE_VA_CLONE, 0, snapshot)
    if (captured.error !== 0) throw new HeapscapeError('live-clone-unavailable', { pid, detail: `PssCaptureSnapshot failed with ${captured.errorName} (${captured.error})` })
    this.#openHandles++
    const clone = new StructureView(PSS_VA_CLONE_INFORMATION, OWN_BITS)
    const asked = this.#calls.attempt('PssQuerySnapshot', Number(snapshot[0]), PSS_QUERY_VA_CLONE_INFORMATION, clone.bytes, clone.bytes.length)
    const cloneHandle = clone.get('VaCloneHandle') as ProcessHandle
    if (asked.error !== 0 || !(cloneHandle > 0)) {
      this.#free(Number(snapshot[0]))
      throw new HeapscapeError('live-clone-unavailable', { pid, detail: asked.error === 0 ? 'the snapshot holds no clone of the memory' : `PssQuerySnapshot failed with ${asked.errorName} (${asked.error})` })
    }
    this.#snapshots.set(cloneHandle, Number(snapshot[0]))
    return cloneHandle
  }

  suspend(handle: ProcessHandle): void {
    this.#onTarget(handle, 'NtSuspendProcess', handle)
  }

  resume(handle: ProcessHandle): void {
    this.#onTarget(handle, 'NtResumeProcess', handle)
  }

  writeDump(handle: ProcessHandle, path: string): void {
    const file = this.#calls.attempt('CreateFileW', path, GENERIC_READ + GENERIC_WRITE, 0, null, CREATE_ALWAYS, 0, 0)
    if (file.value === INVALID_HANDLE) throw new HeapscapeError('file-unwritable', { detail: `CreateFileW failed with ${file.errorName} (${file.error})` })
    this.#openHandles++
    try {
      const written = this.#calls.attempt('MiniDumpWriteDump', handle, this.#pid(handle), file.value, FULL_DUMP, null, null, null)
      if (written.value === 0) throw this.isRunning(handle) ? callFailed('MiniDumpWriteDump', written) : this.#ended(handle)
    } finally {
      this.close(file.value as ProcessHandle)
    }
  }

  close(handle: ProcessHandle): void {
    const snapshot = this.#snapshots.get(handle)
    if (snapshot !== undefined) {
      // The clone's handle belongs to its snapshot and goes with it.
      this.#snapshots.delete(handle)
      this.#free(snapshot)
      return
    }
    this.#calls.call('CloseHandle', handle)
    this.#openHandles--
  }

  #free(snapshot: number): void {
    this.#calls.call('PssFreeSnapshot', this.#calls.call('GetCurrentProcess'), snapshot)
    this.#openHandles--
  }

  #ask(entry: SystemEntry, elevated: boolean): Pick<ProcessRecord, 'bits' | 'user' | 'access'> {
    if (entry.pid === process.pid) return { bits: OWN_BITS, user: ownUser(this.#calls), access: 'self' }
    const reading = this.#calls.attempt('OpenProcess', RIGHTS.read, 0, entry.pid)
    const opened = reading.value !== 0 ? reading : this.#calls.attempt('OpenProcess', ProcessRight.QueryLimitedInformation, 0, entry.pid)
    const refusal = elevated ? 'denied' : 'elevation'
    if (opened.value === 0) return { bits: null, user: null, access: refusal }
    this.#openHandles++
    try {
      const access = reading.value !== 0 ? 'open' : this.#isProtected(opened.value) ? 'protected' : refusal
      return { bits: this.#bitsOrNull(opened.value as ProcessHandle), user: userOfProcess(this.#calls, opened.value), access }
    } finally {
      this.close(opened.value as ProcessHandle)
    }
  }

  #denied(pid: number, elevated: boolean): HeapscapeError {
    const limited = this.#calls.attempt('OpenProcess', ProcessRight.QueryLimitedInformation, 0, pid)
    const isProtected = limited.value !== 0 && this.#isProtected(limited.value)
    if (limited.value !== 0) this.#calls.call('CloseHandle', limited.value)
    if (isProtected) return new HeapscapeError('live-process-protected', { pid })
    return new HeapscapeError('live-access-denied', { pid, detail: `OpenProcess failed with ERROR_ACCESS_DENIED (5)${elevated ? ', although this program runs elevated' : '; it may need elevation'}` })
  }

  /** Level and signer in one byte; 0 = none. Systems before 8.1 do not know the question. */
  #isProtected(handle: number): boolean {
    const level = new Uint8Array(1)
    return this.#calls.attempt('NtQueryInformationProcess', handle, ProcessProtectionInformation, level, 1, null).error === 0 && (level[0]! & 7) !== 0
  }

  #isElevated(): boolean {
    return isElevated(this.#calls)
  }

  #bitsOrNull(handle: ProcessHandle): 32 | 64 | null {
    const narrow = new Uint32Array(1)
    return this.#calls.attempt('IsWow64Process', handle, narrow).value === 0 ? null : narrow[0] === 0 ? 64 : 32
  }

  #bits(handle: ProcessHandle): 32 | 64 {
    const bits = this.#bitsOrNull(handle)
    if (bits === null) throw this.#failureOn(handle, 'IsWow64Process')
    return bits
  }

  #path(handle: ProcessHandle): string {
    const text = new Uint8Array(2 * MAX_PATH_CHARACTERS)
    const length = Uint32Array.of(MAX_PATH_CHARACTERS)
    const asked = this.#calls.attempt('QueryFullProcessImageNameW', handle, 0, text, length)
    return asked.value === 0 ? '' : utf16(text, length[0]!)
  }

  #pid(handle: ProcessHandle): number {
    const basic = new StructureView(PROCESS_BASIC_INFORMATION, OWN_BITS)
    this.#calls.call('NtQueryInformationProcess', handle, ProcessBasicInformation, basic.bytes, placement(PROCESS_BASIC_INFORMATION, OWN_BITS).bytes, null)
    return basic.get('UniqueProcessId')
  }

  /** A call about a process that may have ended meanwhile: then that is the reason. */
  #onTarget(handle: ProcessHandle, name: CallName, ...values: CallValue[]): void {
    const outcome = this.#calls.attempt(name, ...values)
    if (outcome.error !== 0) throw this.isRunning(handle) ? callFailed(name, outcome) : this.#ended(handle)
  }

  #failureOn(handle: ProcessHandle, name: CallName): HeapscapeError {
    return this.isRunning(handle) ? new HeapscapeError('live-call-failed', { call: name, error: 'no answer', number: 0 }) : this.#ended(handle)
  }

  #ended(handle: ProcessHandle): HeapscapeError {
    return new HeapscapeError('live-process-ended', { pid: this.#pid(handle), detail: 'while it was captured' })
  }
}

function utf16(bytes: Uint8Array, characters: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, 2 * Math.min(characters, bytes.length / 2)).toString('utf16le')
}
