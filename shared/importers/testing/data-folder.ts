import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { summariseTrace } from '../../analysis/trace-summary'
import { MemorySource } from '../../base/byte-source'
import { HeapscapeError } from '../../base/errors'
import { quietJob } from '../../base/job-context'
import { checkProfile } from '../../model/check-profile'
import { checkSnapshot, checkTrace } from '../../model/integrity'
import { measureTotal } from '../../model/profile'
import type { AnyDocument } from '../../model/run'
import { unpack } from '../compression/unpack'
import { importSource } from '../import-source'
import { IMPORTERS } from '../registry'
import { PROOFS, type Proof } from './data-proofs'

/** Recorded files are not part of the project; suites that need them are skipped without. */
export const DATA_FOLDER = process.env['HEAPSCAPE_DATA'] ?? '../shared/data'

/** Every recorded file, by folder and name, in order. */
export function recordedPaths(): string[] {
  if (!existsSync(DATA_FOLDER)) return []
  return readdirSync(DATA_FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => readdirSync(join(DATA_FOLDER, name)).map((file) => `${name}/${file}`))
    .sort()
}

/** What came of a file: its line in the golden table, and what contradicts the file's own figures. */
export interface Outcome {
  readonly line: string
  readonly contradictions: readonly string[]
}

export async function openRecorded(path: string): Promise<Outcome> {
  const bytes = readFileSync(join(DATA_FOLDER, path))
  const proof = proofOf(path)
  if (proof === undefined) return { line: `${path} | no rule`, contradictions: [`there is no rule for ${path}`] }
  const document = await importSource(new MemorySource(bytes, path.slice(path.indexOf('/') + 1)), { mode: 'compatible' }, quietJob).catch(codeOf)
  if (typeof document === 'string') {
    const contradictions = proof.refused === document ? [] : [`expected ${proof.format}, got the error ${document}`]
    return { line: `${path} | refused: ${document}`, contradictions }
  }
  if (document.origin.format !== proof.format || proof.refused !== undefined) {
    return { line: `${path} | ${document.origin.format}`, contradictions: [`expected ${proof.refused ?? proof.format}, got ${document.origin.format}`] }
  }
  const { source } = await unpack(new MemorySource(bytes), quietJob)
  const contradictions = [...violationsOf(document), ...proof.contradictions(document, source.read(0, source.size), path.slice(path.indexOf('/') + 1))]
  return { line: `${path} | ${document.origin.format} ${document.kind}${document.origin.partial ? ', partial' : ''} | ${figuresOf(document)}`, contradictions }
}

/** The rule for a file: of those whose pattern fits, the first. */
export function proofOf(path: string): Proof | undefined {
  return PROOFS.find(({ files }) => files.test(path))
}

/** Formats that rules expect and nobody reads. */
export const unreadFormats = (): string[] => [...new Set(PROOFS.map(({ format }) => format))].filter((format) => format !== '' && !IMPORTERS.some(({ id }) => id === format))

function codeOf(error: Error): string {
  if (error instanceof HeapscapeError && error.code !== 'internal') return error.code
  throw error
}

function violationsOf(document: AnyDocument): string[] {
  if (document.kind === 'trace') return checkTrace(document)
  if (document.kind === 'snapshot') return checkSnapshot(document)
  return document.kind === 'profile' ? checkProfile(document) : []
}

/** The figures that tell one reading from another. */
function figuresOf(document: AnyDocument): string {
  if (document.kind === 'trace') {
    const { events, requestedBytesTotal, peakLiveBytes, endLiveBytes } = summariseTrace(document)
    return `${events.alloc} alloc, ${events.free} free, ${events.realloc} realloc, ${events.orphanFree} orphan, ${requestedBytesTotal} requested, ${peakLiveBytes} peak, ${endLiveBytes} end, hash ${document.hash.slice(0, 8)}`
  }
  if (document.kind === 'profile') {
    const { measures, sites, series, statistics } = document
    return [`${sites.names.length} sites`, ...measures.map((measure) => `${measure.id} ${measureTotal(measure)}`), `${series?.moments.length ?? 0} moments`, `${statistics.length} statistics`].join(', ')
  }
  return document.kind === 'snapshot' ? `${document.heaps.length} heaps, ${document.segments.length} segments, ${document.regions.length} regions, ${document.blocks.length} blocks` : ''
}
