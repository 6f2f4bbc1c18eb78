import type { Importer } from '../importer'
import { looksLikeWpaHeap, parseWpaHeap } from './parse'

export const wpaHeapImporter: Importer = {
  id: 'wpa-heap',
  title: 'Heap table of Windows Performance Analyzer as CSV',
  extensions: ['csv'],
  produces: 'profile',
  priority: 15,
  knownBy: 'a header with "Process", a size with its unit such as "Size (B)", and a stack, handle or allocation type',
  sniff: looksLikeWpaHeap,
  read: parseWpaHeap,
}
