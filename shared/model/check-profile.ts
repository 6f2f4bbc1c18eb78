import type { Column } from '../base/column'
import { NONE } from '../base/units'
import { checkCallStacks } from './call-stacks'
import { MEASURE_BASES, MOMENT_DETAIL_NAMES, type Measure, type Profile, type ProfileSeries } from './profile'
import { Violations } from './violations'

/** What is wrong with a profile, in plain words with numbers; [] = sound. */
export function checkProfile(profile: Profile): string[] {
  const found = new Violations()
  const { sites, measures, series, statistics, sampling } = profile
  checkMeasures('measure', measures, sites.names.length, found)
  if (sites.calls !== undefined) {
    const { tables, stackOf } = sites.calls
    checkCallStacks(tables, found)
    if (stackOf.length !== sites.names.length) found.add(`stackOf has ${stackOf.length} rows, there are ${sites.names.length} sites`)
    checkIndex('stackOf', stackOf, NONE, tables.stacks.length, found)
  }
  if (series !== undefined) checkSeries(series, sites.names.length, found)
  for (const name of ['kind', 'subject', 'name', 'unit'] as const) {
    if (statistics[name].length !== statistics.length) found.add(`statistic column ${name} has ${statistics[name].length} rows, value has ${statistics.length}`)
  }
  checkFinite('statistic value', statistics.value, found)
  const all = [...measures, ...(series?.totals ?? []), ...(series?.measures ?? [])]
  if (sampling === undefined && all.some(({ basis }) => basis !== 'exact')) found.add('a measure is sampled or scaled, the profile is not marked sampled')
  return found.list
}

function checkSeries({ moments, totals, cells, measures }: ProfileSeries, sites: number, found: Violations): void {
  checkMeasures('total', totals, moments.length, found)
  checkMeasures('cell measure', measures, cells.length, found)
  if (moments.detail.length !== moments.length || moments.name.length !== moments.length) {
    found.add(`moment columns have ${moments.detail.length} and ${moments.name.length} rows, time has ${moments.length}`)
    return
  }
  checkFinite('time', moments.time, found)
  for (let row = 0; row < moments.length; row++) {
    if (row > 0 && moments.time.at(row) < moments.time.at(row - 1)) found.add(`moment ${row} has time ${moments.time.at(row)}, before its predecessor`)
    if (moments.detail.at(row) >= MOMENT_DETAIL_NAMES.length) found.add(`moment ${row} has the unknown detail ${moments.detail.at(row)}`)
  }
  if (cells.site.length !== cells.length) {
    found.add(`cell column site has ${cells.site.length} rows, moment has ${cells.length}`)
    return
  }
  checkIndex('cell site', cells.site, 0, sites, found)
  checkIndex('cell moment', cells.moment, 0, moments.length, found)
  checkPairs(cells, sites, found)
}

/** Cells go by moments, and name each site once in a moment. */
function checkPairs({ moment, site }: ProfileSeries['cells'], sites: number, found: Violations): void {
  // The last moment each site was named in, + 1.
  const seen = new Uint32Array(sites)
  for (let row = 0; row < moment.length; row++) {
    if (row > 0 && moment.at(row) < moment.at(row - 1)) found.add(`cell ${row} belongs to moment ${moment.at(row)}, before its predecessor's`)
    const at = site.at(row)
    if (at < sites && seen[at] === moment.at(row) + 1) found.add(`cell ${row} names site ${at} again in moment ${moment.at(row)}`)
    seen[at] = moment.at(row) + 1
  }
}

function checkMeasures(what: string, measures: readonly Measure[], rows: number, found: Violations): void {
  const ids = new Set<string>()
  for (const { id, values, basis } of measures) {
    if (ids.has(id)) found.add(`${what} ${id} is there twice`)
    ids.add(id)
    if (!MEASURE_BASES.includes(basis)) found.add(`${what} ${id} has the unknown basis ${basis}`)
    if (values.length !== rows) found.add(`${what} ${id} has ${values.length} rows, expected ${rows}`)
    checkFinite(`${what} ${id}`, values, found)
  }
}

function checkFinite(what: string, column: Column, found: Violations): void {
  for (let row = 0; row < column.length; row++) if (!Number.isFinite(column.at(row))) found.add(`${what} is ${column.at(row)} in row ${row}`)
}

function checkIndex(what: string, column: Column, minimum: number, limit: number, found: Violations): void {
  for (let row = 0; row < column.length; row++) {
    const value = column.at(row)
    if (value < minimum || value >= limit) found.add(`${what} is ${value} in row ${row}, expected ${minimum} to ${limit - 1}`)
  }
}
