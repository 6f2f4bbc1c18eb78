import { SE_PRIVILEGE_ENABLED, TOKEN_ADJUST_PRIVILEGES, TOKEN_ELEVATION_TYPE_LIMITED, TOKEN_QUERY, TokenElevation, TokenElevationType, TokenUser } from './constants'
import type { NativeCalls } from './native-calls'
import { SID_AND_ATTRIBUTES, StructureView, TOKEN_PRIVILEGES } from './structures'

/* Who a process runs as, and with which rights: questions to its token. Answers are null or false where it may not be asked. */
const OWN_BITS = 64
/** Account and domain names are at most 256 characters. */
const NAME_CHARACTERS = 512
const DEBUG_PRIVILEGE = 'SeDebugPrivilege'

function withToken<T>(calls: NativeCalls, processHandle: number, rights: number, ask: (token: number) => T, otherwise: T): T {
  const token = new BigUint64Array(1)
  if (calls.attempt('OpenProcessToken', processHandle, rights, token).value === 0) return otherwise
  try {
    return ask(Number(token[0]))
  } finally {
    calls.call('CloseHandle', Number(token[0]))
  }
}

function tokenNumber(calls: NativeCalls, what: number): number {
  const value = new Uint32Array(1)
  const used = new Uint32Array(1)
  return withToken(calls, calls.call('GetCurrentProcess'), TOKEN_QUERY, (token) => (calls.attempt('GetTokenInformation', token, what, value, 4, used).value === 0 ? 0 : value[0]!), 0)
}

export const isElevated = (calls: NativeCalls): boolean => tokenNumber(calls, TokenElevation) !== 0

/** An administrator who runs with the lesser token: asking for the full one shows the consent dialog, no password. */
export const isLimited = (calls: NativeCalls): boolean => tokenNumber(calls, TokenElevationType) === TOKEN_ELEVATION_TYPE_LIMITED

export function userOfProcess(calls: NativeCalls, processHandle: number): string | null {
  return withToken(calls, processHandle, TOKEN_QUERY, (token) => userOfToken(calls, token), null)
}

export const ownUser = (calls: NativeCalls): string | null => userOfProcess(calls, calls.call('GetCurrentProcess'))

function userOfToken(calls: NativeCalls, token: number): string | null {
  const bytes = new Uint8Array(1024)
  const used = new Uint32Array(1)
  if (calls.attempt('GetTokenInformation', token, TokenUser, bytes, bytes.length, used).value === 0) return null
  const sid = new StructureView(SID_AND_ATTRIBUTES, OWN_BITS, bytes).big('Sid')
  const name = new Uint8Array(2 * NAME_CHARACTERS)
  const domain = new Uint8Array(2 * NAME_CHARACTERS)
  const nameLength = Uint32Array.of(NAME_CHARACTERS)
  const domainLength = Uint32Array.of(NAME_CHARACTERS)
  if (calls.attempt('LookupAccountSidW', null, sid, name, nameLength, domain, domainLength, used).value === 0) return null
  const text = (of: Uint8Array, length: number): string => Buffer.from(of.buffer, 0, 2 * length).toString('utf16le')
  const [user, group] = [text(name, nameLength[0]!), text(domain, domainLength[0]!)]
  return group === '' ? user : `${group}\\${user}`
}

/** Administrators hold the privilege and must switch it on themselves; without it processes of services stay closed. */
export function enableDebugPrivilege(calls: NativeCalls): void {
  const luid = new Uint32Array(2)
  if (calls.attempt('LookupPrivilegeValueW', null, DEBUG_PRIVILEGE, luid).value === 0) return
  const wanted = new StructureView(TOKEN_PRIVILEGES, OWN_BITS)
  wanted.set('PrivilegeCount', 1)
  wanted.set('LuidLow', luid[0]!)
  wanted.set('LuidHigh', luid[1]!)
  wanted.set('Attributes', SE_PRIVILEGE_ENABLED)
  withToken(calls, calls.call('GetCurrentProcess'), TOKEN_QUERY | TOKEN_ADJUST_PRIVILEGES, (token) => void calls.attempt('AdjustTokenPrivileges', token, 0, wanted.bytes, 0, null, null), undefined)
}
