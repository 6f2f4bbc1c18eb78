import type { LastError } from './process-types'

/** Win32 error codes that the simulated calls set (winerror.h). */
export const Win32Error = {
  ERROR_SUCCESS: 0,
  ERROR_ACCESS_DENIED: 5,
  ERROR_INVALID_HANDLE: 6,
  ERROR_NOT_ENOUGH_MEMORY: 8,
  ERROR_GEN_FAILURE: 31,
  ERROR_INVALID_PARAMETER: 87,
  ERROR_CALL_NOT_IMPLEMENTED: 120,
  ERROR_NOT_LOCKED: 158,
  ERROR_DISCARDED: 157,
  ERROR_LOCKED: 212,
  ERROR_ALREADY_EXISTS: 183,
  ERROR_NO_MORE_ITEMS: 259,
  ERROR_INVALID_ADDRESS: 487,
  ERROR_NOACCESS: 998,
  ERROR_POSSIBLE_DEADLOCK: 1131,
  ERROR_MAPPED_ALIGNMENT: 1132,
  ERROR_WORKING_SET_QUOTA: 1453,
  ERROR_COMMITMENT_LIMIT: 1455,
} as const
export type Win32Error = (typeof Win32Error)[keyof typeof Win32Error]

/** NTSTATUS values that simulated exceptions carry (ntstatus.h). */
export const Status = {
  STATUS_GUARD_PAGE_VIOLATION: 0x80000001,
  STATUS_ACCESS_VIOLATION: 0xc0000005,
  STATUS_NO_MEMORY: 0xc0000017,
  STATUS_HEAP_CORRUPTION: 0xc0000374,
} as const
export type Status = (typeof Status)[keyof typeof Status]

const nameIn = (table: Readonly<Record<string, number>>, code: number, otherwise: string): string =>
  Object.keys(table).find((name) => table[name] === code) ?? otherwise

/** Code with its name, as GetLastError and winerror.h together give it. */
export const describeError = (code: number): LastError => ({ code, name: nameIn(Win32Error, code, `error ${code}`) })

export const statusName = (code: number): string => nameIn(Status, code, `status 0x${code.toString(16)}`)

/** A structured exception of the simulated program; the process itself stays intact. */
export class RaisedException extends Error {
  override name = 'RaisedException'
  readonly code: Status
  /** Address whose access raised it, 0 when none did. */
  readonly address: number

  constructor(code: Status, address = 0) {
    super(`${statusName(code)} (0x${code.toString(16).toUpperCase()})${address === 0 ? '' : ` at 0x${address.toString(16).toUpperCase().padStart(8, '0')}`}`)
    this.code = code
    this.address = address
  }
}
