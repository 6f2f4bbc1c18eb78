import type { EngineMethod } from '../../shared/ipc/engine-api'
import { Urgency } from './turns'

/**
 * What may come a moment after map and table: pictures beside them that read every row, and long work that shows how far it
 * is. Everything else is asked because somebody looks at it.
 */
const LATER: ReadonlySet<string> = new Set<EngineMethod>([
  'series', 'tiling', 'runFigures', 'momentMeasures', 'sizeHistograms', 'freeSpace', 'heapProbe', 'pageStrip', 'wasteTree', 'survival', 'frontEnd', 'lifetimeTotals',
  'open', 'openWorkload', 'simulate', 'explain', 'compare', 'comparisonMeasure', 'sweepRun', 'queryRun',
  'save', 'blockExport', 'groupExport', 'siteExport', 'comparisonExport', 'sweepSave', 'querySave', 'exportPart',
])

export const urgencyOf = (method: string): Urgency => (LATER.has(method) ? Urgency.Later : Urgency.Now)
