import type { Importer } from '../importer'
import { looksLikeTcmallocStats, parseTcmallocStats } from './parse'

export const tcmallocStatsImporter: Importer = {
  id: 'tcmalloc-stats',
  title: 'tcmalloc statistics',
  extensions: ['txt'],
  produces: 'profile',
  priority: 96,
  knownBy: 'a line "MALLOC: BYTES (...) Bytes in use by application" among the first',
  sniff: looksLikeTcmallocStats,
  read: parseTcmallocStats,
}
