import type { Importer } from '../importer'
import { looksLikeJemallocJson } from './json'
import { looksLikeJemallocText } from './text'
import { parseJemallocStats } from './parse'

export const jemallocStatsImporter: Importer = {
  id: 'jemalloc-stats',
  title: 'jemalloc statistics',
  extensions: ['json', 'txt'],
  produces: 'profile',
  priority: 100,
  knownBy: 'a JSON object that begins with "jemalloc", or a line "___ Begin jemalloc statistics ___"',
  sniff: (head) => looksLikeJemallocJson(head) || looksLikeJemallocText(head),
  read: parseJemallocStats,
}
