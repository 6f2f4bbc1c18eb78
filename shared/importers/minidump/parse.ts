import type { ByteSource } from '../../base/byte-source'
import { HeapscapeError } from '../../base/errors'
import type { JobContext } from '../../base/job-context'
import { PAGE_BYTES } from '../../base/units'
import { walkHeaps } from '../../heapwalk/walk-heaps'
import { RangeMemory } from '../../model/range-memory'
import { Snapshot } from '../../model/snapshot'
import type { ImportOptions } from '../importer'
import { readDirectory } from './directory'
import { recordsAt } from './dump-bytes'
import { placeRanges } from './dump-memory'
import { DumpNotes } from './dump-notes'
import { buildRegions } from './dump-regions'
import { readHandles, readMemoryInfo, readMemoryRanges, readModules, readThreads, readUnloadedModules } from './list-streams'
import { describeProcess, noteWhatIsMissing } from './process-notes'
import { readException, readMiscInfo, readSystemInfo, type SystemInfo } from './system-streams'

/** Lowest user address on every Windows. */
const LOW = 0x10000
/** 128 TiB: user half of x64 and ARM64 since Windows 8.1 (vm.md). */
const HIGH_64 = 2 ** 47
/** 4 GiB less 64 KiB: the most a 32-bit process sees, on a 64-bit system. */
const HIGH_32 = 0xffff0000

/**
 * Reads a minidump as a snapshot: regions with their owners, and the heaps found in its memory. Only the parts that are
 * asked for are read; the memory stays in the file. What is cut or absurd becomes a note, and the rest is shown.
 *
 * Throws format-truncated or format-malformed when the file holds no stream, or is a kernel's dump; `cancelled`.
 */
export async function parseMinidump(source: ByteSource, options: ImportOptions, job: JobContext): Promise<Snapshot> {
  const notes = new DumpNotes()
  refuseKernelDump(source)
  const directory = readDirectory(source, notes)
  const system = readSystemInfo(source, directory, notes)
  const threads = readThreads(source, directory, notes)
  const modules = readModules(source, directory, notes)
  const info = readMemoryInfo(source, directory, notes)
  const ranges = placeRanges(readMemoryRanges(source, directory, notes), source.size, notes)
  const bits = system?.bits ?? 64
  const addressSpace = { low: system?.platform === 'windows' ? LOW : 0, high: bits === 64 ? HIGH_64 : HIGH_32 }
  const { regions, owners } = buildRegions(info, ranges, { modules, threads }, addressSpace, notes)
  const memory = new RangeMemory(source, ranges, regions, owners)
  await job.checkpoint()
  const tebs = threads.map(({ teb }) => teb).filter((teb) => teb > 0)
  const heaps = await walkHeaps({ memory, bits, build: windowsBuild(system), tebs, addressSpace }, job)
  noteWhatIsMissing({ system, directory, ranges, info, heaps }, notes)
  describeProcess({ system, misc: readMiscInfo(source, directory), exception: readException(source, directory), threads, modules, unloaded: readUnloadedModules(source, directory, notes), handles: readHandles(source, directory, notes), heaps }, notes)
  if (options.mode === 'strict' && notes.isPartial) throw new HeapscapeError('format-malformed', { expected: 'a whole minidump', got: notes.toNotes().map(({ text }) => text).join(' ') })
  return new Snapshot({
    origin: { file: source.name, format: 'minidump', partial: notes.isPartial, notes: notes.toNotes() },
    pageBytes: PAGE_BYTES,
    addressSpace,
    heaps: heaps.heaps,
    heapReports: heaps.heapReports,
    segments: heaps.segments,
    owners: heaps.owners,
    regions: heaps.regions,
    blocks: heaps.blocks,
    event: undefined,
    siteNames: [],
    memory,
  })
}

/** "PAGE" of the system's own dumps, "DUMP" or "DU64" behind it. */
const PAGE_TAG = 0x45474150

function refuseKernelDump(source: ByteSource): void {
  const head = recordsAt(source, 0, 8)
  if (head.length < 8 || head.u32(0) !== PAGE_TAG) return
  throw new HeapscapeError('format-malformed', { expected: 'the dump of one process', got: 'a dump of the whole system, which holds no heaps of a process that this program reads' })
}

/** Under Wine the build is a setting and says nothing; there the heaps' own marks decide. */
function windowsBuild(system: SystemInfo | undefined): number {
  return system?.platform === 'windows' ? system.build : 0
}

