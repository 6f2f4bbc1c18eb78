import { stackName } from '../../model/call-stacks'
import { measureTotal, MOMENT_DETAIL_NAMES, type Measure, type Profile } from '../../model/profile'

/** Rows written out of each table; longer ones are held by their sums. */
const SHOWN_ROWS = 60
const ALL_FRAMES = 1000

/** Every table of a profile as text. */
export function profileLines(profile: Profile): string[] {
  const { command, sampling, sites, measures, statistics } = profile
  return [
    `command ${command || '-'}`,
    `sampling ${sampling === undefined ? '-' : JSON.stringify(sampling)}`,
    ...measures.map((measure) => measureLine('measure', measure)),
    ...shown(sites.names.length, (site) => {
      const stack = sites.calls?.stackOf.at(site) ?? -1
      const path = stack < 0 ? sites.names[site]! : stackName(sites.calls!.tables, stack, ALL_FRAMES)
      return `site ${site}  ${figures(measures, site)}  ${path}`
    }),
    ...frameLines(profile),
    ...seriesLines(profile),
    ...shown(statistics.length, (row) => `statistic ${statistics.kind[row]} | ${statistics.subject[row]} | ${statistics.name[row]} = ${statistics.value.at(row)} ${statistics.unit[row]}`),
  ]
}

function frameLines({ sites }: Profile): string[] {
  if (sites.calls === undefined) return []
  const { module, function: functions, file, line, address, inlined } = sites.calls.tables.frames
  return shown(functions.length, (row) => {
    const place = address.at(row) < 0 ? '-' : `0x${address.at(row).toString(16)}`
    return `frame ${row}  ${place}  ${functions[row] || '-'}  in ${module[row] || '-'}  ${file[row] || '-'}:${line.at(row)}${inlined.at(row) === 1 ? '  inlined' : ''}`
  })
}

function seriesLines({ series, sites }: Profile): string[] {
  if (series === undefined) return []
  const { timeUnit, moments, totals, cells, measures } = series
  return [
    `series in ${timeUnit}`,
    ...totals.map((measure) => measureLine('total', measure)),
    ...shown(moments.length, (row) => `moment ${row}  ${moments.time.at(row)}  ${MOMENT_DETAIL_NAMES[moments.detail.at(row)]}  ${figures(totals, row)}  ${moments.name[row]}`),
    ...measures.map((measure) => measureLine('cell measure', measure)),
    ...shown(cells.length, (row) => `cell  moment ${cells.moment.at(row)}  site ${cells.site.at(row)}  ${figures(measures, row)}  ${sites.names[cells.site.at(row)]}`),
  ]
}

function measureLine(what: string, measure: Measure): string {
  const { id, unit, basis, additive, statedTotal, definition } = measure
  return `${what} ${id}  ${unit}, ${basis}${additive ? '' : ', not additive'}, sum ${measureTotal(measure)}${statedTotal === undefined ? '' : `, stated ${statedTotal}`}: ${definition}`
}

const figures = (measures: readonly Measure[], row: number): string => measures.map(({ id, values }) => `${id} ${values.at(row)}`).join(' ')

function shown(rows: number, line: (row: number) => string): string[] {
  const lines = Array.from({ length: Math.min(rows, SHOWN_ROWS) }, (_, row) => line(row))
  return rows > SHOWN_ROWS ? [...lines, `... ${rows - SHOWN_ROWS} more`] : lines
}
