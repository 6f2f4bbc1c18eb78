import { Column } from '../../base/column'
import { NONE } from '../../base/units'
import { measureOf, MomentDetail, MomentTable, CellTable, Profile, StatisticTable } from '../../model/profile'
import { MEASURES, sampledPair, withStatedTotal } from '../../model/profile-measures'
import { SiteBuilder } from '../../model/profile-builder'

/** A sampled profile of 12 sites with frames, a series of three moments, and statistics. */
export function smallProfile(): Profile {
  const sites = new SiteBuilder()
  const { sampled, scaled } = sampledPair(MEASURES.liveBytes)
  const raw = sites.measure(withStatedTotal(sampled, 7800))
  const estimate = sites.measure(scaled)
  const main = sites.tables.frames.add({ function: 'main', file: 'größe.c', line: 7, module: '/bin/app', address: 0x401000 })
  for (let i = 0; i < 12; i++) {
    const frame = sites.tables.frames.add({ function: `allocate${i}`, address: 0x402000 + i * 16, inlined: i % 3 === 0 })
    const site = i === 11 ? sites.site(NONE) : sites.site(sites.pathOf([frame, main]))
    sites.add(raw, site, 100 * (i + 1))
    sites.add(estimate, site, 1234.5 * (i + 1))
  }
  const moments = new MomentTable()
  const heap = measureOf({ ...MEASURES.liveBytes, id: 'heap-bytes' })
  const cells = new CellTable()
  const live = measureOf(MEASURES.liveBytes)
  for (let moment = 0; moment < 3; moment++) {
    moments.add(moment * 10, moment === 1 ? MomentDetail.Peak : MomentDetail.Sites, moment === 1 ? 'peak' : '')
    heap.values.push(5021305210 + moment)
    for (let site = 0; site < 12; site += 3) {
      cells.moment.push(moment)
      cells.site.push(site)
      live.values.push(moment * 1000 + site)
    }
  }
  const statistics = new StatisticTable()
  statistics.add('process', '', 'allocated', 2 ** 40, 'bytes')
  statistics.add('bin', 'arena 0, 48 bytes', 'utilisation', 0.125, 'ratio')
  return new Profile({
    origin: { file: 'small', format: 'test', partial: false, notes: [] },
    command: 'app --fast',
    sampling: { method: 'One block in 512 KiB.', periodBytes: 524288 },
    sites: sites.toSites(),
    measures: [raw, estimate],
    series: { timeUnit: 'ms', moments, totals: [heap], cells, measures: [live] },
    statistics,
  })
}

/** Statistics alone, as an allocator's own report gives them. */
export function statisticsOnly(): Profile {
  const statistics = new StatisticTable()
  statistics.add('arena', 'arena 0', 'system', 135168, 'bytes')
  return new Profile({ origin: { file: 'small', format: 'test', partial: false, notes: [] }, measures: [{ ...MEASURES.liveBytes, values: new Column('f64') }], statistics })
}
