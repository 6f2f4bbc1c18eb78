import type { JobContext } from '../../base/job-context'
import { inTurns } from '../../base/steps'
import type { EventNumber } from '../../base/units'
import type { CallTree } from './call-tree'
import type { FrameDetail } from './frame-keys'
import { keepSites, mergeStacks, type KeptSites, type MergedStacks } from './merged-stacks'
import { SiteFilter } from './site-filter'
import type { SiteSource, SiteValues } from './site-measures'
import { buildSiteTree, type SiteUnit, type TreeDirection } from './site-tree'

/** 1 at [site + 1] for sites a filter keeps; [0] is for blocks without a known site. */
export type SiteMask = Uint8Array

/** What a tree is made of. */
export interface SiteTreeQuery {
  readonly measure: string
  readonly unit: SiteUnit
  readonly direction: TreeDirection
  readonly detail: FrameDetail
  /** Text of a SiteFilter; "" keeps everything. */
  readonly filter: string
  /** Where the measure is taken at an event; null = the last one. */
  readonly event: EventNumber | null
  /** The same of the document held against. */
  readonly againstEvent: EventNumber | null
}

export interface StudiedTree {
  readonly stacks: MergedStacks
  readonly tree: CallTree
  /** Number of value columns (SiteColumn): 2, or 4 in a difference. */
  readonly columns: number
}

const TREES_KEPT = 3
const VALUES_KEPT = 4

/** The call sites of a document, or of the difference of two, with the trees looked at last. */
export class SiteStudy {
  readonly [Symbol.toStringTag] = 'SiteStudy'
  readonly #sources: readonly SiteSource[]
  readonly #merged = new Map<FrameDetail, Promise<MergedStacks>>()
  readonly #trees = new Map<string, CallTree>()
  readonly #values = new Map<string, SiteValues>()
  readonly #kept = new Map<string, KeptSites>()

  /** `against` is the document before, of which the difference is taken. */
  constructor(source: SiteSource, against?: SiteSource) {
    this.#sources = against === undefined ? [source] : [source, against]
  }

  get isDifference(): boolean {
    return this.#sources.length > 1
  }

  /** @throws HeapscapeError `measure-unknown`, `event-out-of-range`, `pattern-invalid`, `cancelled` */
  async tree(query: SiteTreeQuery, job: JobContext): Promise<StudiedTree> {
    const filter = new SiteFilter(query.filter)
    const events = [query.event, query.againstEvent]
    for (const [i, source] of this.#sources.entries()) await source.prepare?.(query.measure, events[i]!, job)
    const values: SiteValues[] = []
    for (const [i, source] of this.#sources.entries()) values.push(await this.#valuesOf({ source, document: i, measure: query.measure, event: events[i]! }, job))
    const stacks = await this.#mergedBy(query.detail, job)
    const kept = filter.isEmpty ? undefined : await this.#keptBy(filter, job)
    const key = JSON.stringify([query.measure, query.unit, query.direction, query.detail, filter.text, events])
    const tree = recent(this.#trees, key, TREES_KEPT, () => buildSiteTree(stacks, values, { ...query, kept }))
    return { stacks, tree, columns: values.length > 1 || values[0]!.less !== undefined ? 4 : 2 }
  }

  /** Sites of the first document which the filter keeps; the same array for the same filter asked again soon. */
  async mask(text: string, job: JobContext): Promise<SiteMask> {
    return (await this.#keptBy(new SiteFilter(text), job)).sites[0]!
  }

  async #keptBy(filter: SiteFilter, job: JobContext): Promise<KeptSites> {
    const stacks = await this.#mergedBy('line', job)
    return recent(this.#kept, filter.text, VALUES_KEPT, () => keepSites(stacks, filter))
  }

  async #valuesOf({ source, document, measure, event }: { readonly source: SiteSource; readonly document: number; readonly measure: string; readonly event: EventNumber | null }, job: JobContext): Promise<SiteValues> {
    const isAtEvent = source.measures.find((known) => known.id === measure)?.isAtEvent === true
    const key = `${document} ${measure} ${isAtEvent ? event : ''}`
    const made = this.#values.get(key) ?? (await inTurns(source.valueSteps(measure, event), job))
    return recent(this.#values, key, VALUES_KEPT, () => made)
  }

  /** Made once; a cancelled or failed attempt is forgotten. */
  #mergedBy(detail: FrameDetail, job: JobContext): Promise<MergedStacks> {
    const known = this.#merged.get(detail)
    if (known !== undefined) return known
    const made = mergeStacks(this.#sources.map((source) => source.sites), detail, job)
    this.#merged.set(detail, made)
    made.catch(() => this.#merged.delete(detail))
    return made
  }
}

/** The value of a key, moved to the end; the oldest goes when there are too many. */
function recent<T>(kept: Map<string, T>, key: string, most: number, make: () => T): T {
  const value = kept.get(key) ?? make()
  kept.delete(key)
  kept.set(key, value)
  if (kept.size > most) kept.delete(kept.keys().next().value!)
  return value
}
