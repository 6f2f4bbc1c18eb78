import { HeapscapeError } from '../../base/errors'
import { PAGE_BYTES, RESERVATION_BYTES, roundUp, type Address, type Bytes } from '../../base/units'
import { USER_HIGH_32, USER_HIGH_64, USER_LOW_32, type AddressSpaceLimits } from '../vm/address-space'
import { ARTICLE_VERSION, findWindowsVersion, windowsVersions, type WindowsVersion } from '../profiles/windows-versions'
import { LINKER_DEFAULTS, LOADER_LEAST_RESERVE, parseLinkerText } from './linker-text'
import type { DefaultHeapOptions, HeapShape, MemoryOptions, ProcessOptions } from './process-types'

const MIB = 2 ** 20

/** Options with every default filled in. */
export interface ProcessSettings {
  readonly version: WindowsVersion
  readonly keySeed: number
  readonly bits: 32 | 64
  readonly pointerBytes: 4 | 8
  readonly limits: AddressSpaceLimits
  readonly shape: HeapShape
  readonly defaultHeap: DefaultHeapOptions | null
  readonly growthBytes: Bytes
  readonly surroundings: 'nt31' | 'none'
  readonly memory: MemoryOptions
  readonly lockMaximum: number
  readonly strictLocks: boolean
  readonly handleLimit: number
  readonly handleTableBytes: Bytes
  readonly compaction: 'none' | 'moveable'
  readonly fillLetters: boolean
}

/** Block figures of the article; its tail is a choice between 3 and 13. */
const SHAPE: HeapShape = { headerBytes: 16, granuleBytes: 16, tailBytes: 3 }

/**
 * 16 MB of memory, as a machine of 1993 had; a page file so large that 2 GB of address space run out first.
 * Working set: the defaults of Windows, 50 and 345 pages.
 */
const MEMORY: MemoryOptions = { physicalBytes: 16 * MIB, pageFileBytes: 4096 * MIB, workingSetMinimumPages: 50, workingSetMaximumPages: 345 }

/** The article: 512 KB; twice that where pointers have 8 bytes. */
const HANDLE_TABLE_BYTES: Bytes = 512 * 1024
const HANDLE_LIMIT = 65535
const LOCK_MAXIMUM = 255

/** Where the article's figures have the handle table, and where the default heap then lies. */
export const HANDLE_TABLE_BASE: Address = 0x000f0000
const LOW_HEAP_BASE: Address = 0x00040000

/** Below the handle table if it fits there, else above it. */
export const defaultHeapBase = (reserveBytes: Bytes, tableBytes: Bytes): Address =>
  LOW_HEAP_BASE + roundUp(reserveBytes, RESERVATION_BYTES) <= HANDLE_TABLE_BASE ? LOW_HEAP_BASE : HANDLE_TABLE_BASE + tableBytes

/** @throws HeapscapeError `parameter-invalid` for a value that makes no process */
export function settleOptions(options: ProcessOptions): ProcessSettings {
  const version = settleVersion(options)
  const bits = options.bits ?? version.bits
  const pointerBytes = bits === 64 ? 8 : 4
  const shape = { ...SHAPE, ...options.shape }
  const memory = { ...MEMORY, ...options.memory }
  requireWhole('shape.headerBytes', shape.headerBytes, 0, PAGE_BYTES)
  requireWhole('shape.granuleBytes', shape.granuleBytes, 1, PAGE_BYTES)
  requireWhole('shape.tailBytes', shape.tailBytes, 0, PAGE_BYTES)
  if (shape.headerBytes % shape.granuleBytes !== 0) throw invalid('shape.headerBytes', `a multiple of ${shape.granuleBytes}`, shape.headerBytes)
  const tableBytes = HANDLE_TABLE_BYTES * (pointerBytes / 4)
  return {
    version,
    keySeed: requireWhole('keySeed', options.keySeed ?? 1, 0, 2 ** 20),
    bits,
    pointerBytes,
    limits: { low: USER_LOW_32, high: bits === 64 ? USER_HIGH_64 : USER_HIGH_32 },
    shape,
    defaultHeap: options.defaultHeap === null ? null : settleDefaultHeap(options),
    growthBytes: requireWhole('growthBytes', options.growthBytes ?? MIB, PAGE_BYTES, 2 ** 40),
    surroundings: options.surroundings ?? 'nt31',
    memory,
    lockMaximum: requireWhole('lockMaximum', options.lockMaximum ?? LOCK_MAXIMUM, 1, 256),
    strictLocks: options.strictLocks ?? false,
    handleLimit: requireWhole('handleLimit', options.handleLimit ?? HANDLE_LIMIT, 0, tableBytes / (2 * pointerBytes)),
    handleTableBytes: tableBytes,
    compaction: options.compaction ?? 'none',
    fillLetters: options.fillLetters ?? false,
  }
}

function settleVersion({ version, bits }: ProcessOptions): WindowsVersion {
  const found = findWindowsVersion(version ?? ARTICLE_VERSION)
  if (found === undefined) throw invalidText('version', `one of ${windowsVersions.map(({ id }) => id).join(', ')}`, version ?? '')
  // Only the article's heap is a model that fits any width.
  if (bits !== undefined && bits !== found.bits && found.id !== ARTICLE_VERSION) throw invalid('bits', `${found.bits}, as ${found.title} has`, bits)
  return found
}

function settleDefaultHeap(options: ProcessOptions): DefaultHeapOptions {
  const header = options.linkerText === undefined ? LINKER_DEFAULTS : parseLinkerText(options.linkerText, options.betaLinker)
  const asked = { ...header, growable: true, loaderMinimum: true, ...options.defaultHeap }
  requireWhole('defaultHeap.reserveBytes', asked.reserveBytes, 0, 2 ** 47)
  requireWhole('defaultHeap.commitBytes', asked.commitBytes, 0, 2 ** 47)
  if (!asked.loaderMinimum) return { ...asked, reserveBytes: Math.max(asked.reserveBytes, 1) }
  return { ...asked, reserveBytes: roundUp(Math.max(asked.reserveBytes, LOADER_LEAST_RESERVE), PAGE_BYTES) }
}

function requireWhole(name: string, value: number, least: number, most: number): number {
  if (!Number.isInteger(value) || value < least || value > most) throw invalid(name, `a whole number from ${least} to ${most}`, value)
  return value
}

const invalidText = (name: string, expected: string, got: string): HeapscapeError => new HeapscapeError('parameter-invalid', { name, expected, got })
const invalid = (name: string, expected: string, got: number): HeapscapeError => new HeapscapeError('parameter-invalid', { name, expected, got })
