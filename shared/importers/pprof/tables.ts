import { HeapscapeError } from '../../base/errors'
import { Profile, type Measure, type MeasureInfo } from '../../model/profile'
import { SiteBuilder } from '../../model/profile-builder'
import { MEASURES, sampledPair } from '../../model/profile-measures'
import type { Origin } from '../../model/trace'
import type { Location, Messages } from './messages'

const METHOD = 'The recorder sampled allocations and wrote estimates; what it really saw is not in the file.'
/** Types that have a common measure; the names are those of Go, gperftools and jemalloc. */
const KNOWN: Readonly<Record<string, MeasureInfo>> = {
  'inuse_space/bytes': MEASURES.liveBytes,
  'inuse_objects/count': MEASURES.liveBlocks,
  'space/bytes': MEASURES.liveBytes,
  'objects/count': MEASURES.liveBlocks,
  'alloc_space/bytes': MEASURES.allocatedBytes,
  'alloc_objects/count': MEASURES.allocatedBlocks,
}

export interface Period {
  readonly type: string
  readonly unit: string
  readonly value: number
}

interface Callbacks {
  readonly unknownLocation: () => void
  readonly origin: () => Origin
}

/** Puts the profile together. Throws format-malformed when it is none of memory. */
export function buildProfile(messages: Messages, text: (row: number) => string, period: Period | undefined, { unknownLocation, origin }: Callbacks): Profile {
  const isSampled = period?.unit === 'bytes' && period.value > 1
  const sites = new SiteBuilder()
  const types = messages.sampleTypes.map(({ type, unit }) => ({ type: text(type), unit: text(unit) }))
  if (!types.some(({ unit }) => unit === 'bytes')) {
    throw new HeapscapeError('format-malformed', { expected: 'a profile of memory, with values in bytes', got: types.map(({ type, unit }) => `${type}/${unit}`).join(', ') || 'no values' })
  }
  const measures = distinct(types).map((info) => sites.measure(isSampled ? sampledPair(info).scaled : info))
  const frames = new LocationFrames(sites, messages, text, unknownLocation)
  let from = 0
  for (let sample = 0; sample < messages.locationEnd.length; sample++) {
    const to = messages.locationEnd.at(sample)
    const path: number[] = []
    for (let at = from; at < to; at++) path.push(...frames.rowsOf(messages.sampleLocations.at(at)))
    from = to
    const site = sites.site(sites.pathOf(path))
    measures.forEach((measure, i) => sites.add(measure, site, messages.sampleValues.at(sample * types.length + i)))
  }
  return finish(sites, measures, isSampled ? period.value : undefined, origin())
}

function finish(sites: SiteBuilder, measures: readonly Measure[], periodBytes: number | undefined, origin: Origin): Profile {
  const { frames } = sites.tables
  const lacking = frames.function.every((name) => name === '') ? [...(origin.lacking ?? []), 'symbols' as const] : (origin.lacking ?? [])
  return new Profile({ origin: { ...origin, lacking }, sampling: periodBytes === undefined ? undefined : { method: METHOD, periodBytes }, sites: sites.toSites(), measures })
}

/** One measure per type; equal ones get numbers. */
function distinct(types: readonly { readonly type: string; readonly unit: string }[]): MeasureInfo[] {
  const used = new Map<string, number>()
  return types.map(({ type, unit }) => {
    const info = KNOWN[`${type}/${unit}`] ?? otherMeasure(type, unit)
    const count = (used.get(info.id) ?? 0) + 1
    used.set(info.id, count)
    return count === 1 ? info : { ...info, id: `${info.id}-${count}` }
  })
}

function otherMeasure(type: string, unit: string): MeasureInfo {
  const id = type.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '') || 'values'
  return { id: `pprof-${id}`, unit: unit === '' ? 'count' : unit, basis: 'exact', additive: true, definition: `What the file calls "${type}".` }
}

/** Frames of each location, made when a sample first asks for them. */
class LocationFrames {
  readonly #sites: SiteBuilder
  readonly #messages: Messages
  readonly #text: (row: number) => string
  readonly #unknown: () => void
  readonly #rows = new Map<number, readonly number[]>()

  constructor(sites: SiteBuilder, messages: Messages, text: (row: number) => string, unknown: () => void) {
    this.#sites = sites
    this.#messages = messages
    this.#text = text
    this.#unknown = unknown
  }

  /** Innermost first. */
  rowsOf(id: number): readonly number[] {
    const known = this.#rows.get(id)
    if (known !== undefined) return known
    const location = this.#messages.locations.get(id)
    if (location === undefined) this.#unknown()
    const rows = location === undefined ? [this.#sites.tables.frames.add({})] : this.#rowsOfLocation(location)
    this.#rows.set(id, rows)
    return rows
  }

  #rowsOfLocation({ mapping, address, lines }: Location): number[] {
    const { frames } = this.#sites.tables
    const shared = { module: this.#text(this.#messages.mappings.get(mapping) ?? 0), address }
    if (lines.length === 0) return [frames.add(shared)]
    return lines.map(({ function: id, line }, i) => {
      const code = this.#messages.functions.get(id)
      const name = this.#text(code?.name ?? 0) || this.#text(code?.systemName ?? 0)
      return frames.add({ ...shared, function: name, file: this.#text(code?.file ?? 0), line, inlined: i < lines.length - 1 })
    })
  }
}
