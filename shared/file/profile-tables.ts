import { Column } from '../base/column'
import { HeapscapeError } from '../base/errors'
import { checkProfile } from '../model/check-profile'
import {
  CellTable, MEASURE_BASES, MomentTable, Profile, StatisticTable, type Measure, type MeasureInfo, type ProfileSeries, type Sampling,
} from '../model/profile'
import type { Origin } from '../model/trace'
import { callColumns, readCalls, type Contents, type FileTables } from './call-tables'
import { booleanAt, choiceAt, listAt, numberAt, objectAt, optionalAt, stringAt, type JsonObject, type JsonValue } from './json-check'

/** What of a profile stands in a table of its file. */
export function profileColumns({ sites, measures, series, statistics }: Profile, table: string): Contents {
  switch (table) {
    case 'sites':
      return { name: sites.names, stack: sites.calls?.stackOf }
    case 'values':
      return { value: joined(measures) }
    case 'moments':
      return { ...series?.moments }
    case 'momentTotals':
      return { value: joined(series?.totals ?? []) }
    case 'cells':
      return { ...series?.cells }
    case 'cellValues':
      return { value: joined(series?.measures ?? []) }
    case 'statistics':
      return { ...statistics } as unknown as Contents
    default:
      return callColumns(sites.calls?.tables, table)
  }
}

/** The measures one after the other. */
function joined(measures: readonly Measure[]): Column {
  const all = new Column('f64')
  for (const { values } of measures) for (let row = 0; row < values.length; row++) all.push(values.at(row))
  return all.trim()
}

/** Everything of a profile that is not a table. */
export function profileScalars({ origin, command, sampling, measures, series }: Profile): JsonObject {
  const plain = {
    origin,
    command,
    ...(sampling === undefined ? {} : { sampling }),
    measures: measures.map(infoOf),
    ...(series === undefined ? {} : { series: { timeUnit: series.timeUnit, totals: series.totals.map(infoOf), measures: series.measures.map(infoOf) } }),
  }
  return plain as unknown as JsonObject
}

const infoOf = ({ values: _values, ...info }: Measure): MeasureInfo => info


/** Puts a profile together. Throws format-corrupt. */
export async function readProfile(scalars: JsonObject, origin: Origin, tables: FileTables): Promise<Profile> {
  const { name, stack } = (await tables.required('sites')) as { name: readonly string[]; stack?: Column }
  const calls = await readCalls(tables, stack)
  const measures = parted(listAt(scalars['measures'], 'measures', parseInfo), (await tables.required('values'))['value'] as Column, name.length, 'values')
  const profile = new Profile({
    origin,
    command: stringAt(scalars['command'], 'command'),
    sampling: optionalAt(scalars['sampling'], 'sampling', parseSampling),
    sites: calls === undefined ? { names: name } : { names: name, calls },
    measures,
    series: await readSeries(scalars['series'], tables),
    statistics: Object.assign(new StatisticTable(), await tables.optional('statistics')),
  })
  const [violation] = checkProfile(profile)
  if (violation !== undefined) throw new HeapscapeError('format-corrupt', { table: 'profile', expected: 'a sound profile', got: violation })
  return profile
}

async function readSeries(value: JsonValue | undefined, tables: FileTables): Promise<ProfileSeries | undefined> {
  if (value === undefined) return undefined
  const series = objectAt(value, 'series')
  const momentColumns = await tables.optional('moments')
  const totalValues = (await tables.optional('momentTotals'))?.['value'] as Column | undefined
  const cellColumns = await tables.optional('cells')
  const cellValues = (await tables.optional('cellValues'))?.['value'] as Column | undefined
  const moments = Object.assign(new MomentTable(), momentColumns)
  const totals = listAt(series['totals'], 'series.totals', parseInfo)
  const measures = listAt(series['measures'], 'series.measures', parseInfo)
  // Without moments cells mean nothing, and figures without their rows neither: they go together.
  const hasCells = moments.length > 0 && cellColumns !== undefined && cellValues !== undefined
  const cells = Object.assign(new CellTable(), hasCells ? cellColumns : {})
  const hasTotals = totalValues !== undefined && moments.length > 0
  return {
    timeUnit: stringAt(series['timeUnit'], 'series.timeUnit'),
    moments,
    totals: hasTotals ? parted(totals, totalValues, moments.length, 'momentTotals') : [],
    cells,
    measures: parted(measures, hasCells ? cellValues : new Column('f64'), cells.length, 'cellValues'),
  }
}

/** The measures of one column that holds them one after the other. */
function parted(infos: readonly MeasureInfo[], all: Column, rows: number, table: string): Measure[] {
  if (all.length !== infos.length * rows) {
    throw new HeapscapeError('format-corrupt', { table, expected: `${infos.length} measures of ${rows} rows`, got: `${all.length} rows` })
  }
  return infos.map((info, i) => ({ ...info, values: Column.from(all.slice(i * rows, (i + 1) * rows)) }))
}

function parseSampling(value: JsonValue, path: string): Sampling {
  const sampling = objectAt(value, path)
  const period = sampling['periodBytes']
  return { method: stringAt(sampling['method'], `${path}.method`), periodBytes: period === null ? null : numberAt(period, `${path}.periodBytes`) }
}

function parseInfo(value: JsonValue, path: string): MeasureInfo {
  const info = objectAt(value, path)
  const statedTotal = optionalAt(info['statedTotal'], `${path}.statedTotal`, numberAt)
  return {
    id: stringAt(info['id'], `${path}.id`),
    unit: stringAt(info['unit'], `${path}.unit`),
    basis: choiceAt(info['basis'], `${path}.basis`, MEASURE_BASES),
    definition: stringAt(info['definition'], `${path}.definition`),
    additive: booleanAt(info['additive'], `${path}.additive`),
    ...(statedTotal === undefined ? {} : { statedTotal }),
  }
}
