import { bucketEnds, downsample } from '../../shared/analysis/timeline'
import { HeapscapeError } from '../../shared/base/errors'
import type { ProfileMethods, StatisticPage } from '../../shared/ipc/profile-api'
import type { Profile, ProfileSeries, StatisticTable } from '../../shared/model/profile'
import type { Documents } from './documents'
import type { Handlers } from './handlers'

export function profileHandlers(documents: Documents): Handlers<keyof ProfileMethods> {
  /** Rows found last, for the next page of the same search. */
  let found: { readonly table: StatisticTable; readonly search: string; readonly rows: Uint32Array } | undefined
  const rowsOf = (table: StatisticTable, search: string): Uint32Array => {
    if (found?.table !== table || found.search !== search) found = { table, search, rows: findRows(table, search) }
    return found.rows
  }
  return {
    profileStatistics: ({ documentId, search, offset, count }) => {
      const { statistics } = documents.profile(documentId)
      return statisticPage(statistics, rowsOf(statistics, search.trim().toLowerCase()), offset, count)
    },
    profileSeries: ({ documentId, fromMoment, toMoment, points }) => {
      const { moments, totals } = seriesOf(documents.profile(documentId))
      const last = moments.length - 1
      const dense = totals.map(({ id, values }) => [id, { kind: 'dense', events: last, values: values.slice() as Float64Array }] as const)
      return { events: bucketEnds(fromMoment, toMoment, points), series: Object.fromEntries(dense.map(([id, one]) => [id, downsample(one, fromMoment, toMoment, points)])) }
    },
    profileMoment: ({ documentId, moment }) => {
      const { moments, totals, timeUnit } = seriesOf(documents.profile(documentId))
      if (moment >= moments.length) throw new HeapscapeError('event-out-of-range', { expected: `0 to ${moments.length - 1}`, got: moment })
      return {
        moment,
        time: moments.time.at(moment),
        timeUnit,
        name: moments.name[moment]!,
        detail: moments.detail.at(moment),
        totals: totals.map(({ id, unit, basis, values }) => ({ id, unit, basis, value: values.at(moment) })),
      }
    },
  }
}

/** @throws HeapscapeError `document-wrong-kind` */
function seriesOf({ series }: Profile): ProfileSeries {
  if (series === undefined || series.moments.length === 0) throw new HeapscapeError('document-wrong-kind', { expected: 'a profile of several moments', got: 'a profile of one' })
  return series
}

function findRows({ kind, subject, name, length }: StatisticTable, search: string): Uint32Array {
  const rows: number[] = []
  for (let row = 0; row < length; row++) {
    if (search === '' || `${kind[row]!} ${subject[row]!} ${name[row]!}`.toLowerCase().includes(search)) rows.push(row)
  }
  return Uint32Array.from(rows)
}

function statisticPage({ kind, subject, name, value, unit }: StatisticTable, rows: Uint32Array, offset: number, count: number): StatisticPage {
  const page = [...rows.subarray(offset, offset + count)]
  const texts = (column: readonly string[]): string[] => page.map((row) => column[row]!)
  return { total: rows.length, offset, kind: texts(kind), subject: texts(subject), name: texts(name), value: Float64Array.from(page, (row) => value.at(row)), unit: texts(unit) }
}
