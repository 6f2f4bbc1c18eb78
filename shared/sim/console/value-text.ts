import { flagText } from './constants'
import type { ValueKind } from './console-types'
import type { ApiParameter } from '../win32/api-catalog'
import type { ApiArgument, ApiOutput } from '../win32/process-types'

const BYTES_SHOWN = 16

export const hex = (value: number, digits = 8): string => `0x${value.toString(16).toUpperCase().padStart(digits, '0')}`
const grouped = (value: number): string => value.toLocaleString('en-US')

/** A value as people read it, by what it stands for. */
export function valueText(kind: ValueKind, value: number | string | Uint8Array): string {
  if (value instanceof Uint8Array) return dataText(value)
  if (typeof value === 'string') return `"${value}"`
  switch (kind) {
    case 'pointer':
    case 'heap':
    case 'memory-handle':
    case 'section':
      return value === 0 ? 'NULL' : hex(value)
    case 'bool':
      return value === 0 ? 'FALSE' : 'TRUE'
    case 'bytes':
      return `${grouped(value)} ${value === 1 ? 'byte' : 'bytes'}`
    case 'flags':
      return hex(value, 4)
    default:
      return Number.isInteger(value) ? grouped(value) : String(value)
  }
}

/** An argument of a call: addresses in hexadecimal, flags by name where a value has names. */
export function argumentText({ kind, set }: ApiParameter, value: ApiArgument): string {
  if (typeof value !== 'number') return valueText('data', value)
  switch (kind) {
    case 'address':
    case 'heap':
    case 'pointer':
    case 'memory-handle':
    case 'section':
      return valueText('pointer', value)
    case 'flags':
      return value === 0 ? '0' : (flagText(set!, value) ?? hex(value, 2))
    default:
      return String(value)
  }
}

/** Pairs of hexadecimal digits; long runs are cut. */
export function dataText(bytes: Uint8Array): string {
  const digits = Array.from(bytes.subarray(0, BYTES_SHOWN), (byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join(' ')
  return bytes.length > BYTES_SHOWN ? `${digits} ... (${grouped(bytes.length)} bytes)` : digits
}

const STATES: Readonly<Record<number, string>> = { 0x1000: 'committed', 0x2000: 'reserved', 0x10000: 'free' }

const FRONT_ENDS: Readonly<Record<number, string>> = { 0: '0, no front end', 1: '1, look-aside lists', 2: '2, low-fragmentation heap' }

/** What a call handed back beside its result. */
export function outputText(output: ApiOutput): string {
  switch (output.kind) {
    case 'memory-information': {
      const { baseAddress, regionBytes, state, protect } = output.value
      const protection = state === 0x1000 ? `, ${flagText('Protection', protect) ?? hex(protect, 2)}` : ''
      return `${hex(baseAddress)}: ${valueText('bytes', regionBytes)}, ${STATES[state] ?? hex(state)}${protection}`
    }
    case 'old-protection':
      return `was ${flagText('Protection', output.value) ?? hex(output.value, 2)}`
    case 'heap-entry': {
      const { kind, data, bytes, consumedBytes } = output.value
      return `${kind} at ${hex(data)}: ${valueText('bytes', bytes)} in ${grouped(consumedBytes)}`
    }
    case 'heaps':
      return output.value.map((handle) => hex(handle)).join(', ')
    case 'bytes':
      return dataText(output.value)
    case 'heap-information':
      return FRONT_ENDS[output.value] ?? String(output.value)
  }
}
