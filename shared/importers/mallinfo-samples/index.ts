import type { Importer } from '../importer'
import { looksLikeMallinfoSamples, parseMallinfoSamples } from './parse'

export const mallinfoSamplesImporter: Importer = {
  id: 'mallinfo-samples',
  title: 'mallinfo2() samples as CSV',
  extensions: ['csv'],
  produces: 'profile',
  priority: 31,
  knownBy: 'a CSV header with the columns arena, uordblks and fordblks',
  sniff: looksLikeMallinfoSamples,
  read: parseMallinfoSamples,
}
