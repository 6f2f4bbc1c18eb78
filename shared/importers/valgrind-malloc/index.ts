import type { Importer } from '../importer'
import { looksLikeMallocTrace, parseMallocTrace } from './parse'

export const valgrindMallocImporter: Importer = {
  id: 'valgrind-malloc',
  title: 'Valgrind --trace-malloc log',
  extensions: ['log', 'txt'],
  produces: 'trace',
  priority: 38,
  sniff: looksLikeMallocTrace,
  read: parseMallocTrace,
}
