import type { Importer } from '../importer'
import { looksLikeMallocTrace, parseMallocTrace } from './parse'

export const valgrindMallocImporter: Importer = {
  id: 'valgrind-malloc',
  title: 'Valgrind --trace-malloc log',
  extensions: ['log', 'txt'],
  produces: 'trace',
  priority: 38,
  knownBy: 'a line "--PID-- malloc(SIZE) = POINTER", or of a like call, among lines that begin == or --',
  sniff: looksLikeMallocTrace,
  read: parseMallocTrace,
}
