import type { Measure, Profile } from '../../model/profile'
import { valuesAtMoment } from '../../model/profile'
import type { Steps } from '../../base/steps'
import { NONE, type EventNumber } from '../../base/units'
import { checkEvent, emptyValues, findMeasure, type SiteMeasure, type SiteSource, type SiteValues } from './site-measures'

/** Measures of one thing, of bytes (or another unit) and of blocks: `live-bytes` and `live-blocks` are `live`. */
interface Pair {
  readonly measure: SiteMeasure
  readonly first: Measure | undefined
  readonly blocks: Measure | undefined
  /** Taken at a moment of the series. */
  readonly isAtMoment: boolean
}

/**
 * Call sites of a profile: its additive measures as the source gives them, sampled and scaled ones apart. Figures that
 * do not add up (each site's own peak) make no tree. Where the source lists sites at several moments, `event` is the
 * number of the moment.
 */
export class ProfileSiteSource implements SiteSource {
  readonly measures: readonly SiteMeasure[]
  readonly #profile: Profile
  readonly #pairs: readonly Pair[]

  constructor(profile: Profile) {
    this.#profile = profile
    const atMoments = (profile.series?.cells.length ?? 0) > 0 ? pairsOf(profile.series!.measures, true) : []
    const ofProfile = pairsOf(profile.measures, false)
    // Names are unique: the whole profile's figure comes first.
    this.#pairs = [...ofProfile, ...atMoments.map((pair) => ({ ...pair, measure: { ...pair.measure, id: `moment-${pair.measure.id}`, title: `${pair.measure.title} at a moment` } }))]
    this.measures = this.#pairs.map((pair) => pair.measure)
  }

  get sites(): Profile['sites'] {
    return this.#profile.sites
  }

  get lastEvent(): EventNumber | null {
    return this.#pairs.some((pair) => pair.isAtMoment) ? this.#profile.series!.moments.length - 1 : null
  }

  /** Profiles are small: one step. */
  *valueSteps(measure: string, event: EventNumber | null): Steps<SiteValues> {
    findMeasure(this.measures, measure)
    const pair = this.#pairs.find((one) => one.measure.id === measure)!
    const { bytes, count } = emptyValues(this.sites)
    const less = emptyValues(this.sites)
    const read = (of: Measure | undefined, more: Float64Array, fewer: Float64Array): boolean => {
      if (of === undefined) return false
      const values = pair.isAtMoment ? valuesAtMoment(this.#profile.series!, of, checkEvent(event, this.lastEvent ?? NONE), this.sites.names.length) : of.values.slice()
      let isDifference = false
      for (let site = 0; site < values.length; site++) {
        const value = values[site]!
        if (value < 0) isDifference = true
        ;(value < 0 ? fewer : more)[site + 1] = Math.abs(value)
      }
      return isDifference
    }
    const bytesFell = read(pair.first, bytes, less.bytes)
    const countFell = read(pair.blocks, count, less.count)
    return { bytes, count, heapBytes: 0, ...(bytesFell || countFell ? { less } : {}) }
  }
}

function pairsOf(measures: readonly Measure[], isAtMoment: boolean): Pair[] {
  const additive = measures.filter((measure) => measure.additive)
  const stems = [...new Set(additive.map((measure) => stemOf(measure.id)))]
  return stems.map((id) => {
    const same = additive.filter((measure) => stemOf(measure.id) === id)
    const blocks = same.length > 1 ? same.find((measure) => measure.unit === 'blocks') : undefined
    const first = same.find((measure) => measure !== blocks)!
    return {
      first,
      blocks,
      isAtMoment,
      measure: { id, title: titleOf(id), meaning: first.definition, unit: first.unit, counted: blocks === undefined ? '' : 'blocks', isAtEvent: isAtMoment },
    }
  })
}

/** `live-bytes-scaled` and `live-blocks-scaled` are `live-scaled`. */
const stemOf = (id: string): string => id.replace(/-(bytes|blocks)(?=-|$)/, '')

function titleOf(stem: string): string {
  const [, name, basis] = /^(.*?)(?:-(sampled|scaled))?$/.exec(stem)!
  const words = name!.replaceAll('-', ' ')
  const title = words.charAt(0).toUpperCase() + words.slice(1)
  return basis === undefined ? title : `${title} (${basis === 'scaled' ? 'estimate, scaled from the sample' : 'sampled, as in the file'})`
}
