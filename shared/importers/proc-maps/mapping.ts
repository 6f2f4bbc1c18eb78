import type { Address } from '../../base/units'
import { RegionKind, RegionState } from '../../model/region-table'

/** One line of `maps`, with the fields that follow it in `smaps`. */
export interface Mapping {
  readonly start: Address
  readonly end: Address
  /** `r-xp` */
  readonly permissions: string
  /** Path or `[name]`, '' anonymous. */
  readonly name: string
  readonly line: number
  /** Values of the fields in kB; empty for `maps`. */
  readonly fields: Map<string, number>
}

const HEAD = /^([0-9a-f]{1,16})-([0-9a-f]{1,16}) ([r-][w-][x-][sp]) [0-9a-f]+ [0-9a-f]+:[0-9a-f]+ \d+ *(.*)$/
const FIELD = /^([A-Z]\w*): +(\d+)(?: kB)?$/
/** THPeligible, ProtectionKey and the flags tell no bytes. */
const OTHER_FIELD = /^(?:VmFlags:.*|THPeligible: +\d+|ProtectionKey: +\d+)$/

export const readMappingHead = (text: string, line: number): Mapping | undefined => {
  const match = HEAD.exec(text)
  if (match === null) return undefined
  const [, start, end, permissions, name] = match
  return { start: Number.parseInt(start!, 16), end: Number.parseInt(end!, 16), permissions: permissions!, name: name!.trim(), line, fields: new Map() }
}

/** False when the line is no field. */
export function takeField(mapping: Mapping, text: string): boolean {
  if (OTHER_FIELD.test(text)) return true
  const match = FIELD.exec(text)
  if (match !== null) mapping.fields.set(match[1]!, Number(match[2]))
  return match !== null
}

/** Bytes of the fields' sum; undefined when the first is not there. */
export function bytesOf({ fields }: Mapping, first: string, ...more: readonly string[]): number | undefined {
  const value = fields.get(first)
  return value === undefined ? undefined : [value, ...more.map((name) => fields.get(name) ?? 0)].reduce((sum, kilobytes) => sum + kilobytes * 1024, 0)
}

const PAGE_NOACCESS = 0x01
/** PAGE_* by read, write, execute; a private writable file is copied on write. */
export function protectionOf({ permissions, name }: Mapping): number {
  const isCopied = permissions[3] === 'p' && name.startsWith('/')
  const execute = permissions[2] === 'x' ? 4 : 0
  if (permissions[1] === 'w') return (isCopied ? 0x08 : 0x04) << execute
  if (permissions[0] === 'r') return 0x02 << execute
  return execute > 0 ? 0x10 : PAGE_NOACCESS
}

/** What may not be touched at all only holds its place, as reserved memory of Windows does. */
export const stateOf = ({ permissions }: Mapping): RegionState => (permissions.startsWith('---') ? RegionState.Reserved : RegionState.Committed)

/** `images`: files that are mapped executable somewhere. */
export function kindOf({ name, permissions }: Mapping, images: ReadonlySet<string>): RegionKind {
  if (name === '[heap]') return RegionKind.Heap
  if (name.startsWith('[stack')) return RegionKind.Stack
  if (/^\[(?:vdso|vvar|vvar_vclock|vsyscall|vectors|sigpage|uprobes)\]$/.test(name)) return RegionKind.Environment
  if (name.startsWith('/')) return images.has(name) ? RegionKind.Image : RegionKind.Mapped
  return permissions[3] === 's' ? RegionKind.Mapped : RegionKind.Private
}
