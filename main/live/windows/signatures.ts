import type { Bits } from './structures'

/*
 * The Windows calls that are used, as data: library, parameters, and what an answer that means failure looks like.
 *
 * `address` is an address in another process, `buffer` memory of our own that is written or read, `text` UTF-16.
 */
export type ParameterType = 'handle' | 'address' | 'buffer' | 'text' | 'size' | 'u32' | 'i32'

/**
 * How a call says that it failed: a zero (then GetLastError knows why), INVALID_HANDLE_VALUE (the same), a negative
 * NTSTATUS, an error number as its answer, or not at all.
 */
export type Verdict = 'zero-fails' | 'invalid-handle-fails' | 'status' | 'error-number' | 'never-fails'

export interface Signature {
  readonly library: 'kernel32.dll' | 'ntdll.dll' | 'advapi32.dll' | 'dbghelp.dll'
  readonly result: 'i32' | 'u32' | 'handle' | 'size'
  readonly parameters: readonly ParameterType[]
  readonly verdict: Verdict
  /** Not in every system that this program runs on. */
  readonly optional?: true
}

const kernel = 'kernel32.dll'
const nt = 'ntdll.dll'
const security = 'advapi32.dll'

export const SIGNATURES = {
  OpenProcess: { library: kernel, result: 'handle', parameters: ['u32', 'i32', 'u32'], verdict: 'zero-fails' },
  OpenThread: { library: kernel, result: 'handle', parameters: ['u32', 'i32', 'u32'], verdict: 'zero-fails' },
  CloseHandle: { library: kernel, result: 'i32', parameters: ['handle'], verdict: 'zero-fails' },
  GetLastError: { library: kernel, result: 'u32', parameters: [], verdict: 'never-fails' },
  GetCurrentProcess: { library: kernel, result: 'handle', parameters: [], verdict: 'never-fails' },
  VirtualQueryEx: { library: kernel, result: 'size', parameters: ['handle', 'address', 'buffer', 'size'], verdict: 'zero-fails' },
  ReadProcessMemory: { library: kernel, result: 'i32', parameters: ['handle', 'address', 'buffer', 'size', 'buffer'], verdict: 'zero-fails' },
  IsWow64Process: { library: kernel, result: 'i32', parameters: ['handle', 'buffer'], verdict: 'zero-fails' },
  QueryFullProcessImageNameW: { library: kernel, result: 'i32', parameters: ['handle', 'u32', 'buffer', 'buffer'], verdict: 'zero-fails' },
  K32GetMappedFileNameW: { library: kernel, result: 'u32', parameters: ['handle', 'address', 'buffer', 'u32'], verdict: 'zero-fails' },
  K32GetProcessMemoryInfo: { library: kernel, result: 'i32', parameters: ['handle', 'buffer', 'u32'], verdict: 'zero-fails' },
  WaitForSingleObject: { library: kernel, result: 'u32', parameters: ['handle', 'u32'], verdict: 'never-fails' },
  CreateFileW: { library: kernel, result: 'handle', parameters: ['text', 'u32', 'u32', 'buffer', 'u32', 'u32', 'handle'], verdict: 'invalid-handle-fails' },
  PssCaptureSnapshot: { library: kernel, result: 'u32', parameters: ['handle', 'u32', 'u32', 'buffer'], verdict: 'error-number', optional: true },
  PssQuerySnapshot: { library: kernel, result: 'u32', parameters: ['handle', 'i32', 'buffer', 'u32'], verdict: 'error-number', optional: true },
  PssFreeSnapshot: { library: kernel, result: 'u32', parameters: ['handle', 'handle'], verdict: 'error-number', optional: true },
  NtSuspendProcess: { library: nt, result: 'i32', parameters: ['handle'], verdict: 'status' },
  NtResumeProcess: { library: nt, result: 'i32', parameters: ['handle'], verdict: 'status' },
  NtQueryInformationProcess: { library: nt, result: 'i32', parameters: ['handle', 'i32', 'buffer', 'u32', 'buffer'], verdict: 'status' },
  NtQueryInformationThread: { library: nt, result: 'i32', parameters: ['handle', 'i32', 'buffer', 'u32', 'buffer'], verdict: 'status' },
  NtQuerySystemInformation: { library: nt, result: 'i32', parameters: ['i32', 'buffer', 'u32', 'buffer'], verdict: 'status' },
  RtlGetVersion: { library: nt, result: 'i32', parameters: ['buffer'], verdict: 'status' },
  wine_get_version: { library: nt, result: 'handle', parameters: [], verdict: 'never-fails', optional: true },
  OpenProcessToken: { library: security, result: 'i32', parameters: ['handle', 'u32', 'buffer'], verdict: 'zero-fails' },
  GetTokenInformation: { library: security, result: 'i32', parameters: ['handle', 'i32', 'buffer', 'u32', 'buffer'], verdict: 'zero-fails' },
  LookupAccountSidW: { library: security, result: 'i32', parameters: ['text', 'address', 'buffer', 'buffer', 'buffer', 'buffer', 'buffer'], verdict: 'zero-fails' },
  LookupPrivilegeValueW: { library: security, result: 'i32', parameters: ['text', 'text', 'buffer'], verdict: 'zero-fails' },
  AdjustTokenPrivileges: { library: security, result: 'i32', parameters: ['handle', 'i32', 'buffer', 'u32', 'buffer', 'buffer'], verdict: 'zero-fails' },
  MiniDumpWriteDump: { library: 'dbghelp.dll', result: 'i32', parameters: ['handle', 'u32', 'handle', 'i32', 'buffer', 'buffer', 'buffer'], verdict: 'zero-fails' },
} as const satisfies Record<string, Signature>

export type CallName = keyof typeof SIGNATURES

/** Bytes of one parameter as it is handed over: on x86 each takes its own size, at least 4; on x64 each takes 8. */
export const parameterBytes = (type: ParameterType, bits: Bits): number => (bits === 64 ? 8 : type === 'u32' || type === 'i32' ? 4 : bits / 8)

/** Type of the parameter inside the C prototype, in bytes. */
export const valueBytes = (type: ParameterType | Signature['result'], bits: Bits): number => (type === 'u32' || type === 'i32' ? 4 : bits / 8)
