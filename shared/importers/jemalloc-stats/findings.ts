import type { Defects } from '../../model/defects'
import type { StatisticTable } from '../../model/profile'

/** What both forms fill. */
export interface JemallocFindings {
  readonly statistics: StatisticTable
  readonly defects: Defects
  version: string
}
