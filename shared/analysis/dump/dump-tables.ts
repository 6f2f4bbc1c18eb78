import { assertNever } from '../../base/assert'
import type { Snapshot } from '../../model/snapshot'
import { freeSizes, ownerRows, pageRows, regionRows, segmentRows, uncommittedRanges } from './heap-tables'
import { lfhBuckets, lfhContainers } from './lfh-containers'
import type { RowTable } from './row-table'
import type { DumpTable } from './table-names'

export function buildDumpTable(snapshot: Snapshot, table: DumpTable): RowTable {
  switch (table) {
    case 'containers':
      return lfhContainers(snapshot)
    case 'buckets':
      return lfhBuckets(lfhContainers(snapshot))
    case 'free':
      return freeSizes(snapshot)
    case 'segments':
      return segmentRows(snapshot)
    case 'uncommitted':
      return uncommittedRanges(snapshot)
    case 'pages':
      return pageRows(snapshot)
    case 'regions':
      return regionRows(snapshot)
    case 'owners':
      return ownerRows(snapshot)
    default:
      return assertNever(table)
  }
}
