import type { Importer } from '../importer'
import { looksLikeJemallocHeap, parseJemallocHeap } from './parse'

export const jemallocHeapImporter: Importer = {
  id: 'jemalloc-heap',
  title: 'jemalloc heap profile',
  extensions: ['heap'],
  produces: 'profile',
  priority: 120,
  knownBy: 'a first line "heap_v2/PERIOD"',
  sniff: looksLikeJemallocHeap,
  read: parseJemallocHeap,
}
