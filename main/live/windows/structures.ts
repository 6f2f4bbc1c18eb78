/*
 * Structures of the Windows SDK's headers as data, and where their members lie for both widths of pointer:
 *
 *   MEMORY_BASIC_INFORMATION   x86 28 bytes   x64 48 bytes
 *
 * Members stand at multiples of their own alignment, as the headers' default packing says. structures.test.ts holds sizes
 * and offsets against the figures of the headers, and against a C compiler where one is at hand.
 */
export type Bits = 32 | 64
type Primitive = 'u8' | 'u16' | 'u32' | 'i32' | 'u64' | 'pointer'

interface Member {
  readonly name: string
  readonly type: Primitive | Structure
  readonly count: number
}

export interface Structure {
  readonly name: string
  readonly members: readonly Member[]
}

type MemberList = Readonly<Record<string, Primitive | Structure | readonly [Primitive | Structure, number]>>

const isArray = (type: MemberList[string]): type is readonly [Primitive | Structure, number] => Array.isArray(type)

function structure(name: string, members: MemberList): Structure {
  return { name, members: Object.entries(members).map(([member, type]) => (isArray(type) ? { name: member, type: type[0], count: type[1] } : { name: member, type, count: 1 })) }
}

/** winnt.h. The x64 form has 4 bytes of padding behind AllocationProtect and behind Type; newer headers call the first PartitionId. */
export const MEMORY_BASIC_INFORMATION = structure('MEMORY_BASIC_INFORMATION', {
  BaseAddress: 'pointer', AllocationBase: 'pointer', AllocationProtect: 'u32', RegionSize: 'pointer', State: 'u32', Protect: 'u32', Type: 'u32',
})

/** psapi.h. */
export const PROCESS_MEMORY_COUNTERS_EX = structure('PROCESS_MEMORY_COUNTERS_EX', {
  cb: 'u32', PageFaultCount: 'u32', PeakWorkingSetSize: 'pointer', WorkingSetSize: 'pointer', QuotaPeakPagedPoolUsage: 'pointer', QuotaPagedPoolUsage: 'pointer',
  QuotaPeakNonPagedPoolUsage: 'pointer', QuotaNonPagedPoolUsage: 'pointer', PagefileUsage: 'pointer', PeakPagefileUsage: 'pointer', PrivateUsage: 'pointer',
})

/** winternl.h. */
export const UNICODE_STRING = structure('UNICODE_STRING', { Length: 'u16', MaximumLength: 'u16', Buffer: 'pointer' })

/** winternl.h: NTSTATUS, PEB, affinity, priority, ids. */
export const PROCESS_BASIC_INFORMATION = structure('PROCESS_BASIC_INFORMATION', {
  ExitStatus: 'i32', PebBaseAddress: 'pointer', AffinityMask: 'pointer', BasePriority: 'i32', UniqueProcessId: 'pointer', InheritedFromUniqueProcessId: 'pointer',
})

/** The kernel's answer to ThreadBasicInformation (ntddk.h of the driver kit). */
export const THREAD_BASIC_INFORMATION = structure('THREAD_BASIC_INFORMATION', {
  ExitStatus: 'i32', TebBaseAddress: 'pointer', UniqueProcess: 'pointer', UniqueThread: 'pointer', AffinityMask: 'pointer', Priority: 'i32', BasePriority: 'i32',
})

/** winternl.h calls the 48 bytes behind NumberOfThreads Reserved1; creation time is the fourth of six 8-byte values in them. */
export const SYSTEM_PROCESS_INFORMATION = structure('SYSTEM_PROCESS_INFORMATION', {
  NextEntryOffset: 'u32', NumberOfThreads: 'u32', Reserved1: ['u64', 3], CreateTime: 'u64', UserTime: 'u64', KernelTime: 'u64', ImageName: UNICODE_STRING, BasePriority: 'i32',
  UniqueProcessId: 'pointer', InheritedFromUniqueProcessId: 'pointer', HandleCount: 'u32', SessionId: 'u32', Reserved3: 'pointer', PeakVirtualSize: 'pointer', VirtualSize: 'pointer',
  Reserved4: 'u32', PeakWorkingSetSize: 'pointer', WorkingSetSize: 'pointer', Reserved5: 'pointer', QuotaPagedPoolUsage: 'pointer', Reserved6: 'pointer', QuotaNonPagedPoolUsage: 'pointer',
  PagefileUsage: 'pointer', PeakPagefileUsage: 'pointer', PrivatePageCount: 'pointer', Reserved7: ['u64', 6],
})

/** winternl.h; one per thread behind SYSTEM_PROCESS_INFORMATION. */
export const SYSTEM_THREAD_INFORMATION = structure('SYSTEM_THREAD_INFORMATION', {
  Reserved1: ['u64', 3], Reserved2: 'u32', StartAddress: 'pointer', UniqueProcess: 'pointer', UniqueThread: 'pointer', Priority: 'i32', BasePriority: 'i32', Reserved3: 'u32', ThreadState: 'u32', WaitReason: 'u32',
})

/** processsnapshot.h. */
export const PSS_VA_CLONE_INFORMATION = structure('PSS_VA_CLONE_INFORMATION', { VaCloneHandle: 'pointer' })

/** winnt.h; TOKEN_USER is one of them. */
export const SID_AND_ATTRIBUTES = structure('SID_AND_ATTRIBUTES', { Sid: 'pointer', Attributes: 'u32' })

/** winnt.h: one LUID, which is aligned to 4 bytes, and its attributes. */
export const TOKEN_PRIVILEGES = structure('TOKEN_PRIVILEGES', { PrivilegeCount: 'u32', LuidLow: 'u32', LuidHigh: 'u32', Attributes: 'u32' })

/** winnt.h. */
export const OSVERSIONINFOW = structure('OSVERSIONINFOW', {
  dwOSVersionInfoSize: 'u32', dwMajorVersion: 'u32', dwMinorVersion: 'u32', dwBuildNumber: 'u32', dwPlatformId: 'u32', szCSDVersion: ['u16', 128],
})

export const STRUCTURES: readonly Structure[] = [
  MEMORY_BASIC_INFORMATION, PROCESS_MEMORY_COUNTERS_EX, UNICODE_STRING, PROCESS_BASIC_INFORMATION, THREAD_BASIC_INFORMATION, SYSTEM_PROCESS_INFORMATION, SYSTEM_THREAD_INFORMATION,
  PSS_VA_CLONE_INFORMATION, SID_AND_ATTRIBUTES, TOKEN_PRIVILEGES, OSVERSIONINFOW,
]

const PRIMITIVE_BYTES: Readonly<Record<Exclude<Primitive, 'pointer'>, number>> = { u8: 1, u16: 2, u32: 4, i32: 4, u64: 8 }

export interface Placement {
  readonly bytes: number
  readonly alignment: number
  /** Of members, those of inner structures as `ImageName.Buffer`. */
  readonly offsets: ReadonlyMap<string, { readonly offset: number; readonly type: Primitive }>
}

function sizeAndAlignment(type: Primitive | Structure, bits: Bits): { bytes: number; alignment: number } {
  if (typeof type !== 'string') return placement(type, bits)
  const bytes = type === 'pointer' ? bits / 8 : PRIMITIVE_BYTES[type]
  return { bytes, alignment: bytes }
}

const placements = new Map<string, Placement>()

export function placement(of: Structure, bits: Bits): Placement {
  const key = `${of.name} ${bits}`
  const known = placements.get(key)
  if (known !== undefined) return known
  const offsets = new Map<string, { offset: number; type: Primitive }>()
  let end = 0
  let widest = 1
  for (const { name, type, count } of of.members) {
    const { bytes, alignment } = sizeAndAlignment(type, bits)
    const offset = Math.ceil(end / alignment) * alignment
    if (typeof type === 'string') offsets.set(name, { offset, type })
    else for (const [inner, at] of placement(type, bits).offsets) offsets.set(`${name}.${inner}`, { offset: offset + at.offset, type: at.type })
    end = offset + bytes * count
    widest = Math.max(widest, alignment)
  }
  const placed = { bytes: Math.ceil(end / widest) * widest, alignment: widest, offsets }
  placements.set(key, placed)
  return placed
}

/** One structure inside bytes the system filled in. Numbers beyond 2^53 are NaN; `big` gives them exactly. */
export class StructureView {
  readonly bytes: Uint8Array
  readonly #view: DataView
  readonly #placement: Placement
  readonly #at: number
  readonly #bits: Bits

  constructor(of: Structure, bits: Bits, bytes: Uint8Array = new Uint8Array(placement(of, bits).bytes), at = 0) {
    this.bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#placement = placement(of, bits)
    this.#at = at
    this.#bits = bits
  }

  get(member: string): number {
    const { offset, type } = this.#member(member)
    const at = this.#at + offset
    switch (type) {
      case 'u8':
        return this.#view.getUint8(at)
      case 'u16':
        return this.#view.getUint16(at, true)
      case 'u32':
        return this.#view.getUint32(at, true)
      case 'i32':
        return this.#view.getInt32(at, true)
      case 'pointer':
        return this.#bits === 32 ? this.#view.getUint32(at, true) : this.#wide(at)
      case 'u64':
        return this.#wide(at)
    }
  }

  big(member: string): bigint {
    return this.#view.getBigUint64(this.#at + this.#member(member).offset, true)
  }

  set(member: string, value: number): void {
    this.#view.setUint32(this.#at + this.#member(member).offset, value, true)
  }

  #member(name: string): { offset: number; type: Primitive } {
    const found = this.#placement.offsets.get(name)
    if (found === undefined) throw new Error(`no member ${name}`)
    return found
  }

  #wide(at: number): number {
    const high = this.#view.getUint32(at + 4, true)
    return high < 0x200000 ? high * 0x100000000 + this.#view.getUint32(at, true) : NaN
  }
}
