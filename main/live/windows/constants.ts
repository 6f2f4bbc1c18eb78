/*
 * Constants of the Windows SDK's headers (winnt.h, winerror.h, processsnapshot.h, minidumpapiset.h, ntstatus.h).
 */
export const ProcessRight = {
  VmOperation: 0x0008,
  VmRead: 0x0010,
  DupHandle: 0x0040,
  CreateProcess: 0x0080,
  QueryInformation: 0x0400,
  SuspendResume: 0x0800,
  QueryLimitedInformation: 0x1000,
  Synchronize: 0x00100000,
} as const

export const THREAD_QUERY_INFORMATION = 0x0040

export const MemoryState = { Commit: 0x1000, Reserve: 0x2000, Free: 0x10000 } as const
export const MemoryType = { Private: 0x20000, Mapped: 0x40000, Image: 0x1000000 } as const
export const Protection = { NoAccess: 0x01, Guard: 0x100 } as const

export const PSS_CAPTURE_VA_CLONE = 0x00000001
export const PSS_QUERY_VA_CLONE_INFORMATION = 1

/** MiniDumpWithFullMemory | MiniDumpWithHandleData | MiniDumpWithFullMemoryInfo | MiniDumpWithThreadInfo. */
export const FULL_DUMP = 0x00000002 | 0x00000004 | 0x00000800 | 0x00001000

export const SystemProcessInformation = 5
export const ProcessBasicInformation = 0
export const ProcessWow64Information = 26
export const ProcessProtectionInformation = 61
export const ThreadBasicInformation = 0

export const TOKEN_QUERY = 0x0008
export const TOKEN_ADJUST_PRIVILEGES = 0x0020
export const TokenUser = 1
export const TokenElevation = 20
export const TokenElevationType = 18
/** The user is an administrator who runs with the lesser of two tokens. */
export const TOKEN_ELEVATION_TYPE_LIMITED = 3
export const SE_PRIVILEGE_ENABLED = 2

export const GENERIC_WRITE = 0x40000000
export const GENERIC_READ = 0x80000000
export const CREATE_ALWAYS = 2
export const INVALID_HANDLE = -1
export const STILL_ACTIVE = 259
export const WAIT_TIMEOUT = 258

/** winerror.h, as far as these calls are known to answer with them. */
export const ERROR_NAMES: Readonly<Record<number, string>> = {
  0: 'ERROR_SUCCESS',
  1: 'ERROR_INVALID_FUNCTION',
  2: 'ERROR_FILE_NOT_FOUND',
  3: 'ERROR_PATH_NOT_FOUND',
  5: 'ERROR_ACCESS_DENIED',
  6: 'ERROR_INVALID_HANDLE',
  8: 'ERROR_NOT_ENOUGH_MEMORY',
  14: 'ERROR_OUTOFMEMORY',
  24: 'ERROR_BAD_LENGTH',
  31: 'ERROR_GEN_FAILURE',
  32: 'ERROR_SHARING_VIOLATION',
  50: 'ERROR_NOT_SUPPORTED',
  80: 'ERROR_FILE_EXISTS',
  87: 'ERROR_INVALID_PARAMETER',
  112: 'ERROR_DISK_FULL',
  120: 'ERROR_CALL_NOT_IMPLEMENTED',
  122: 'ERROR_INSUFFICIENT_BUFFER',
  127: 'ERROR_PROC_NOT_FOUND',
  299: 'ERROR_PARTIAL_COPY',
  487: 'ERROR_INVALID_ADDRESS',
  998: 'ERROR_NOACCESS',
  1300: 'ERROR_NOT_ALL_ASSIGNED',
  1314: 'ERROR_PRIVILEGE_NOT_HELD',
  1332: 'ERROR_NONE_MAPPED',
  1450: 'ERROR_NO_SYSTEM_RESOURCES',
  1455: 'ERROR_COMMITMENT_LIMIT',
}

export const ErrorNumber = { AccessDenied: 5, InvalidParameter: 87 } as const

/** ntstatus.h. */
export const STATUS_NAMES: Readonly<Record<number, string>> = {
  0xc0000002: 'STATUS_NOT_IMPLEMENTED',
  0xc0000003: 'STATUS_INVALID_INFO_CLASS',
  0xc0000004: 'STATUS_INFO_LENGTH_MISMATCH',
  0xc0000005: 'STATUS_ACCESS_VIOLATION',
  0xc0000008: 'STATUS_INVALID_HANDLE',
  0xc000000d: 'STATUS_INVALID_PARAMETER',
  0xc0000022: 'STATUS_ACCESS_DENIED',
  0xc000010a: 'STATUS_PROCESS_IS_TERMINATING',
  0xc000012d: 'STATUS_COMMITMENT_LIMIT',
}

export const Status = { InfoLengthMismatch: 0xc0000004 } as const

export const errorName = (number: number): string => ERROR_NAMES[number] ?? 'an error without a name here'
export const statusName = (status: number): string => STATUS_NAMES[status >>> 0] ?? 'a status without a name here'
