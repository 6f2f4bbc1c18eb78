import type { Importer } from '../importer'
import { parseHeaptrack } from './parse'
import { looksLikeHeaptrack } from './sniff'

export const heaptrackImporter: Importer = {
  id: 'heaptrack',
  title: 'heaptrack recording',
  extensions: ['heaptrack', 'raw'],
  produces: 'trace',
  priority: 40,
  knownBy: 'a first line "v WRITER VERSION" of hexadecimal numbers',
  sniff: looksLikeHeaptrack,
  read: parseHeaptrack,
}
