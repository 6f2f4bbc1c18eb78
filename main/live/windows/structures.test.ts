import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import * as constants from './constants'
import { NativeCalls, type ForeignLibraries } from './native-calls'
import { readEntries } from './process-list'
import { parameterBytes, SIGNATURES, valueBytes, type CallName, type Signature } from './signatures'
import { placement, STRUCTURES, StructureView, SYSTEM_PROCESS_INFORMATION, SYSTEM_THREAD_INFORMATION, type Bits } from './structures'

/** Size, then offsets of members, x86 and x64: figures of the Windows SDK's headers for the two compilers' default packing. */
const FIGURES: Readonly<Record<string, readonly (readonly [string, number, number])[]>> = {
  MEMORY_BASIC_INFORMATION: [['', 28, 48], ['BaseAddress', 0, 0], ['AllocationBase', 4, 8], ['AllocationProtect', 8, 16], ['RegionSize', 12, 24], ['State', 16, 32], ['Protect', 20, 36], ['Type', 24, 40]],
  PROCESS_MEMORY_COUNTERS_EX: [['', 44, 80], ['cb', 0, 0], ['PageFaultCount', 4, 4], ['PeakWorkingSetSize', 8, 8], ['WorkingSetSize', 12, 16], ['PagefileUsage', 32, 56], ['PeakPagefileUsage', 36, 64], ['PrivateUsage', 40, 72]],
  UNICODE_STRING: [['', 8, 16], ['Length', 0, 0], ['MaximumLength', 2, 2], ['Buffer', 4, 8]],
  PROCESS_BASIC_INFORMATION: [['', 24, 48], ['PebBaseAddress', 4, 8], ['UniqueProcessId', 16, 32], ['InheritedFromUniqueProcessId', 20, 40]],
  THREAD_BASIC_INFORMATION: [['', 28, 48], ['TebBaseAddress', 4, 8], ['UniqueProcess', 8, 16], ['UniqueThread', 12, 24]],
  SYSTEM_PROCESS_INFORMATION: [['', 184, 256], ['NumberOfThreads', 4, 4], ['CreateTime', 32, 32], ['ImageName.Length', 56, 56], ['ImageName.Buffer', 60, 64], ['BasePriority', 64, 72], ['UniqueProcessId', 68, 80], ['InheritedFromUniqueProcessId', 72, 88], ['SessionId', 80, 100], ['WorkingSetSize', 104, 144], ['PagefileUsage', 124, 184], ['PrivatePageCount', 132, 200]],
  SYSTEM_THREAD_INFORMATION: [['', 64, 80], ['UniqueProcess', 32, 40], ['UniqueThread', 36, 48]],
  PSS_VA_CLONE_INFORMATION: [['', 4, 8], ['VaCloneHandle', 0, 0]],
  SID_AND_ATTRIBUTES: [['', 8, 16], ['Sid', 0, 0], ['Attributes', 4, 8]],
  TOKEN_PRIVILEGES: [['', 16, 16], ['PrivilegeCount', 0, 0], ['LuidLow', 4, 4], ['Attributes', 12, 12]],
  OSVERSIONINFOW: [['', 276, 276], ['dwMajorVersion', 4, 4], ['dwBuildNumber', 12, 12], ['szCSDVersion', 20, 20]],
}

test.each(STRUCTURES.map((structure) => [structure.name, structure] as const))('%s has the size and offsets of the headers, x86 and x64', (name, structure) => {
  const figures = FIGURES[name]!
  const of = (bits: Bits): number[] => figures.map(([member]) => (member === '' ? placement(structure, bits).bytes : placement(structure, bits).offsets.get(member)!.offset))
  expect(of(32)).toEqual(figures.map(([, narrow]) => narrow))
  expect(of(64)).toEqual(figures.map(([, , wide]) => wide))
})

/** Bytes of arguments on x86, which the decorated name of each function carries: _OpenProcess@12. */
const DECORATIONS: Readonly<Record<CallName, number>> = {
  OpenProcess: 12, OpenThread: 12, CloseHandle: 4, GetLastError: 0, GetCurrentProcess: 0, VirtualQueryEx: 16, ReadProcessMemory: 20, IsWow64Process: 8, QueryFullProcessImageNameW: 16,
  K32GetMappedFileNameW: 16, K32GetProcessMemoryInfo: 12, WaitForSingleObject: 8, CreateFileW: 28, PssCaptureSnapshot: 16, PssQuerySnapshot: 16, PssFreeSnapshot: 8,
  NtSuspendProcess: 4, NtResumeProcess: 4, NtQueryInformationProcess: 20, NtQueryInformationThread: 20, NtQuerySystemInformation: 16, RtlGetVersion: 4, wine_get_version: 0,
  OpenProcessToken: 12, GetTokenInformation: 20, LookupAccountSidW: 28, LookupPrivilegeValueW: 12, AdjustTokenPrivileges: 24, MiniDumpWriteDump: 28,
}

test('calls take as many bytes of arguments as their decorated names say', () => {
  for (const [name, { parameters }] of Object.entries(SIGNATURES) as [CallName, Signature][]) {
    expect(parameters.reduce((sum, type) => sum + parameterBytes(type, 32), 0), name).toBe(DECORATIONS[name])
    expect(parameters.reduce((sum, type) => sum + parameterBytes(type, 64), 0), name).toBe(8 * parameters.length)
  }
})

const COMPILER = 'x86_64-w64-mingw32-gcc'
const hasCompiler = spawnSync(COMPILER, ['--version']).status === 0

describe.skipIf(!hasCompiler)('a C compiler with public headers', () => {
  const folder = mkdtempSync(join(tmpdir(), 'heapscape-headers-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const compile = (text: string, bits: Bits): void => {
    const file = join(folder, `check${bits}.c`)
    writeFileSync(file, text)
    execFileSync(COMPILER, [`-m${bits}`, '-fsyntax-only', '-D_WIN32_WINNT=0x0A00', file], { stdio: 'pipe' })
  }
  const HEADERS = '#include <stddef.h>\n#include <windows.h>\n#include <psapi.h>\n#include <winternl.h>\n#include <dbghelp.h>\n#include <sddl.h>\n'

  test.each([32, 64] as const)('finds the same sizes and offsets for %i bits', (bits) => {
    // Members the headers only reserve have no name there, or another one.
    const isNamed = (member: string): boolean => !/^(Reserved|Luid|InheritedFromUniqueProcessId$|QuotaPeak|Quota|ExitStatus|AffinityMask|BasePriority|UniqueThread|UniqueProcess$|Priority|StackBase|StartAddress|ThreadState|WaitReason)/.test(member)
    // mingw's header gives the six 8-byte values their names and keeps the counters of memory in a structure of their own.
    const nameIn = (structure: string, member: string): string => (structure === 'SYSTEM_PROCESS_INFORMATION' && /(VirtualSize|WorkingSetSize|PagefileUsage)$/.test(member) ? `VirtualMemoryCounters.${member}` : member)
    const inHeaders = STRUCTURES.filter(({ name }) => !['THREAD_BASIC_INFORMATION', 'PSS_VA_CLONE_INFORMATION'].includes(name))
    const lines = inHeaders.flatMap((structure) => {
      const { bytes, offsets } = placement(structure, bits)
      const members = [...offsets].filter(([member]) => isNamed(member) && !(structure.name === 'TOKEN_PRIVILEGES' && member !== 'PrivilegeCount'))
      return [`_Static_assert(sizeof(${structure.name}) == ${bytes}, "${structure.name}");`, ...members.map(([member, { offset }]) => `_Static_assert(offsetof(${structure.name}, ${nameIn(structure.name, member)}) == ${offset}, "${structure.name}.${member}");`)]
    })
    expect(lines.length).toBeGreaterThan(40)
    compile(HEADERS + lines.join('\n'), bits)
  })

  test('finds the same constants', () => {
    const { ProcessRight, MemoryState, MemoryType, Protection } = constants
    const values: Readonly<Record<string, number>> = {
      PROCESS_VM_OPERATION: ProcessRight.VmOperation, PROCESS_VM_READ: ProcessRight.VmRead, PROCESS_DUP_HANDLE: ProcessRight.DupHandle, PROCESS_CREATE_PROCESS: ProcessRight.CreateProcess,
      PROCESS_QUERY_INFORMATION: ProcessRight.QueryInformation, PROCESS_SUSPEND_RESUME: ProcessRight.SuspendResume, PROCESS_QUERY_LIMITED_INFORMATION: ProcessRight.QueryLimitedInformation, SYNCHRONIZE: ProcessRight.Synchronize,
      THREAD_QUERY_INFORMATION: constants.THREAD_QUERY_INFORMATION, MEM_COMMIT: MemoryState.Commit, MEM_RESERVE: MemoryState.Reserve, MEM_FREE: MemoryState.Free, MEM_PRIVATE: MemoryType.Private, MEM_MAPPED: MemoryType.Mapped,
      MEM_IMAGE: MemoryType.Image, PAGE_NOACCESS: Protection.NoAccess, PAGE_GUARD: Protection.Guard, TOKEN_QUERY: constants.TOKEN_QUERY, TOKEN_ADJUST_PRIVILEGES: constants.TOKEN_ADJUST_PRIVILEGES, TokenUser: constants.TokenUser,
      TokenElevation: constants.TokenElevation, TokenElevationType: constants.TokenElevationType, TokenElevationTypeLimited: constants.TOKEN_ELEVATION_TYPE_LIMITED, SE_PRIVILEGE_ENABLED: constants.SE_PRIVILEGE_ENABLED,
      CREATE_ALWAYS: constants.CREATE_ALWAYS, WAIT_TIMEOUT: constants.WAIT_TIMEOUT, STILL_ACTIVE: constants.STILL_ACTIVE, SystemProcessInformation: constants.SystemProcessInformation, ProcessBasicInformation: constants.ProcessBasicInformation,
      ProcessWow64Information: constants.ProcessWow64Information, '(MiniDumpWithFullMemory|MiniDumpWithHandleData|MiniDumpWithFullMemoryInfo|MiniDumpWithThreadInfo)': constants.FULL_DUMP,
      ...Object.fromEntries(Object.entries(constants.ERROR_NAMES).map(([number, name]) => [name, Number(number)])),
    }
    compile(HEADERS + Object.entries(values).map(([name, value]) => `_Static_assert((unsigned)${name} == ${value}u, "${name}");`).join('\n'), 64)
  })

  test.each([32, 64] as const)('finds parameters of the same width for %i bits', (bits) => {
    // A function pointer with parameters of our widths must take the header's function, and integers of other widths would not.
    const C_TYPES: Readonly<Record<string, readonly string[]>> = {
      CloseHandle: ['HANDLE'], OpenProcess: ['DWORD', 'BOOL', 'DWORD'], OpenThread: ['DWORD', 'BOOL', 'DWORD'], VirtualQueryEx: ['HANDLE', 'LPCVOID', 'PMEMORY_BASIC_INFORMATION', 'SIZE_T'], ReadProcessMemory: ['HANDLE', 'LPCVOID', 'LPVOID', 'SIZE_T', 'SIZE_T*'],
      IsWow64Process: ['HANDLE', 'PBOOL'], QueryFullProcessImageNameW: ['HANDLE', 'DWORD', 'LPWSTR', 'PDWORD'], WaitForSingleObject: ['HANDLE', 'DWORD'], CreateFileW: ['LPCWSTR', 'DWORD', 'DWORD', 'LPSECURITY_ATTRIBUTES', 'DWORD', 'DWORD', 'HANDLE'],
      OpenProcessToken: ['HANDLE', 'DWORD', 'PHANDLE'], GetTokenInformation: ['HANDLE', 'TOKEN_INFORMATION_CLASS', 'LPVOID', 'DWORD', 'PDWORD'], LookupPrivilegeValueW: ['LPCWSTR', 'LPCWSTR', 'PLUID'],
      LookupAccountSidW: ['LPCWSTR', 'PSID', 'LPWSTR', 'LPDWORD', 'LPWSTR', 'LPDWORD', 'PSID_NAME_USE'], AdjustTokenPrivileges: ['HANDLE', 'BOOL', 'PTOKEN_PRIVILEGES', 'DWORD', 'PTOKEN_PRIVILEGES', 'PDWORD'],
      NtQueryInformationProcess: ['HANDLE', 'PROCESSINFOCLASS', 'PVOID', 'ULONG', 'PULONG'], NtQuerySystemInformation: ['SYSTEM_INFORMATION_CLASS', 'PVOID', 'ULONG', 'PULONG'],
      MiniDumpWriteDump: ['HANDLE', 'DWORD', 'HANDLE', 'MINIDUMP_TYPE', 'PMINIDUMP_EXCEPTION_INFORMATION', 'PMINIDUMP_USER_STREAM_INFORMATION', 'PMINIDUMP_CALLBACK_INFORMATION'],
    }
    const lines = Object.entries(C_TYPES).flatMap(([name, types], i) => {
      const { parameters, result } = SIGNATURES[name as CallName]
      expect(types.length, name).toBe(parameters.length)
      return [
        // MiniDumpWriteDump's constant pointers differ only in being constant.
        ...(name === 'MiniDumpWriteDump' || name === 'LookupPrivilegeValueW' ? [] : [`__typeof__(${name}(${types.map((type) => `(${type})0`).join(', ')})) *result${i}; _Static_assert(sizeof(*result${i}) == ${valueBytes(result, bits)}, "${name}");`]),
        ...types.map((type, at) => `_Static_assert(sizeof(${type}) == ${valueBytes(parameters[at]!, bits)}, "${name} ${at}");`),
      ]
    })
    compile(HEADERS + lines.join('\n'), bits)
  })
})

/** Libraries whose calls answer with a given number, and remember what they were given. */
function madeUp(answers: Readonly<Record<string, number | ((...values: unknown[]) => number)>>): ForeignLibraries {
  return {
    load: () => ({
      func: (name) => {
        const answer = answers[name]
        if (answer === undefined) throw new Error(`Cannot find function '${name}'`)
        return (...values: unknown[]) => (typeof answer === 'number' ? answer : answer(...values))
      },
    }),
    address: () => 0n,
  }
}

describe('a call', () => {
  test('that answers zero fails with the name of GetLastError’s number', () => {
    const calls = new NativeCalls(madeUp({ OpenProcess: 0, GetLastError: 5 }))
    expect(() => calls.call('OpenProcess', 0, 0, 4)).toThrow('The call OpenProcess failed with ERROR_ACCESS_DENIED (5).')
    expect(calls.attempt('OpenProcess', 0, 0, 4)).toEqual({ value: 0, error: 5, errorName: 'ERROR_ACCESS_DENIED' })
  })

  test('that answers a negative status fails with its name, one with an error number likewise', () => {
    const calls = new NativeCalls(madeUp({ NtSuspendProcess: 0xc0000022 | 0, PssCaptureSnapshot: 50 }))
    expect(() => calls.call('NtSuspendProcess', 8)).toThrow('failed with STATUS_ACCESS_DENIED (0xc0000022)')
    expect(() => calls.call('PssCaptureSnapshot', 8, 1, 0, null)).toThrow('failed with ERROR_NOT_SUPPORTED (50)')
  })

  test('that the system does not have is absent when it is optional, and a reason when it is not', () => {
    const calls = new NativeCalls(madeUp({}))
    expect(calls.has('PssCaptureSnapshot')).toBe(false)
    expect(() => calls.has('VirtualQueryEx')).toThrow('kernel32.dll has no VirtualQueryEx')
  })
})

test('a list of processes is read entry by entry, with names and threads, and ends where its bytes end', () => {
  const entryBytes = placement(SYSTEM_PROCESS_INFORMATION, 64).bytes
  const threadBytes = placement(SYSTEM_THREAD_INFORMATION, 64).bytes
  const name = Buffer.from('spool.exe', 'utf16le')
  const bytes = new Uint8Array(2 * (entryBytes + threadBytes) + name.length)
  const put = (at: number, member: string, value: number): void => new DataView(bytes.buffer).setUint32(at + placement(SYSTEM_PROCESS_INFORMATION, 64).offsets.get(member)!.offset, value, true)
  const base = 0x7f0000000000n
  const second = entryBytes + threadBytes
  for (const [at, pid] of [[0, 40], [second, 44]] as const) {
    put(at, 'NumberOfThreads', 1)
    put(at, 'UniqueProcessId', pid)
    put(at, 'PrivatePageCount', 0x5000 + pid)
    put(at, 'ImageName.Length', name.length)
    new DataView(bytes.buffer).setBigUint64(at + placement(SYSTEM_PROCESS_INFORMATION, 64).offsets.get('ImageName.Buffer')!.offset, base + BigInt(2 * second), true)
    new DataView(bytes.buffer).setUint32(at + entryBytes + placement(SYSTEM_THREAD_INFORMATION, 64).offsets.get('UniqueThread')!.offset, pid + 1, true)
  }
  put(0, 'NextEntryOffset', second)
  bytes.set(name, 2 * second)
  const entries = readEntries(bytes, base)
  expect(entries.map(({ pid, name: text, threadIds, privateBytes }) => ({ pid, text, threadIds, privateBytes }))).toEqual([
    { pid: 40, text: 'spool.exe', threadIds: [41], privateBytes: 0x5028 },
    { pid: 44, text: 'spool.exe', threadIds: [45], privateBytes: 0x502c },
  ])
  put(0, 'NextEntryOffset', 1 << 20)
  expect(readEntries(bytes, base)).toHaveLength(1)
  expect(new StructureView(SYSTEM_PROCESS_INFORMATION, 64, bytes).get('UniqueProcessId')).toBe(40)
})
