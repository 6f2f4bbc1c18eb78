import { HeapscapeError } from '../../../shared/base/errors'
import type { ProcessRecord } from '../../../shared/model/live-capture'
import { Status, SystemProcessInformation } from './constants'
import type { NativeCalls } from './native-calls'
import { placement, StructureView, SYSTEM_PROCESS_INFORMATION, SYSTEM_THREAD_INFORMATION } from './structures'

/*
 * All processes by one call, which opens none of them:
 *
 *   [entry, its threads][entry, its threads] ... each tells how far the next one is; the last tells 0
 */
export type SystemEntry = Omit<ProcessRecord, 'bits' | 'user' | 'access'> & { readonly threadIds: readonly number[] }

const OWN_BITS = 64
const FIRST_BYTES = 1 << 20
const MOST_BYTES = 1 << 28

/** Reading bytes that came from the system: an offset beyond them ends the list. */
export function readEntries(bytes: Uint8Array, addressOfBytes: bigint): SystemEntry[] {
  const entryBytes = placement(SYSTEM_PROCESS_INFORMATION, OWN_BITS).bytes
  const threadBytes = placement(SYSTEM_THREAD_INFORMATION, OWN_BITS).bytes
  const entries: SystemEntry[] = []
  for (let at = 0; at + entryBytes <= bytes.length; ) {
    const entry = new StructureView(SYSTEM_PROCESS_INFORMATION, OWN_BITS, bytes, at)
    const threads = entry.get('NumberOfThreads')
    const threadIds: number[] = []
    for (let i = 0; i < threads && at + entryBytes + (i + 1) * threadBytes <= bytes.length; i++) threadIds.push(new StructureView(SYSTEM_THREAD_INFORMATION, OWN_BITS, bytes, at + entryBytes + i * threadBytes).get('UniqueThread'))
    const privateBytes = entry.get('PrivatePageCount')
    const commitBytes = entry.get('PagefileUsage')
    entries.push({
      pid: entry.get('UniqueProcessId'),
      parentPid: entry.get('InheritedFromUniqueProcessId'),
      name: nameOf(entry, bytes, addressOfBytes),
      // Where the private count stays empty (Wine), the commit charge says the same of the same pages.
      privateBytes: privateBytes > 0 ? privateBytes : commitBytes > 0 ? commitBytes : null,
      workingSetBytes: entry.get('WorkingSetSize'),
      threads,
      session: entry.get('SessionId'),
      startedAt: String(entry.big('CreateTime')),
      threadIds,
    })
    const next = entry.get('NextEntryOffset')
    if (next === 0) break
    at += next
  }
  return entries
}

/** The text stands behind the entries, in the same bytes; its pointer is an address of ours. */
function nameOf(entry: StructureView, bytes: Uint8Array, addressOfBytes: bigint): string {
  const length = entry.get('ImageName.Length')
  const at = Number(entry.big('ImageName.Buffer') - addressOfBytes)
  if (length === 0) return entry.get('UniqueProcessId') === 0 ? 'System Idle Process' : 'System'
  if (!(at >= 0 && at + length <= bytes.length)) return ''
  return Buffer.from(bytes.buffer, bytes.byteOffset + at, length).toString('utf16le')
}

export function listEntries(calls: NativeCalls): SystemEntry[] {
  const used = new Uint32Array(1)
  for (let size = FIRST_BYTES; size <= MOST_BYTES; ) {
    const bytes = new Uint8Array(size)
    const asked = calls.attempt('NtQuerySystemInformation', SystemProcessInformation, bytes, size, used)
    if (asked.error === 0) return readEntries(bytes.subarray(0, used[0]), calls.addressOf(bytes))
    if (asked.error !== Status.InfoLengthMismatch) throw new HeapscapeError('live-call-failed', { call: 'NtQuerySystemInformation', error: asked.errorName, number: `0x${asked.error.toString(16)}` })
    size = Math.max(2 * size, used[0]! + FIRST_BYTES)
  }
  throw new HeapscapeError('live-call-failed', { call: 'NtQuerySystemInformation', error: 'STATUS_INFO_LENGTH_MISMATCH', number: '0xc0000004' })
}
