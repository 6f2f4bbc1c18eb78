import type { Importer } from '../importer'
import { looksLikeMallocBench, parseMallocBench } from './parse'

export const mallocBenchImporter: Importer = {
  id: 'malloc-bench',
  title: 'malloc-bench trace',
  extensions: ['trace'],
  produces: 'trace',
  priority: 36,
  knownBy: 'protobuf records of field 1 that each hold one call',
  sniff: looksLikeMallocBench,
  read: parseMallocBench,
}
