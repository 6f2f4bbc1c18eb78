import type { Importer } from '../importer'
import { looksLikeMaps, parseMaps } from './parse'

export const procMapsImporter: Importer = {
  id: 'proc-maps',
  title: 'Linux /proc/PID/smaps or maps',
  extensions: ['smaps', 'maps', 'txt'],
  produces: 'snapshot',
  priority: 60,
  knownBy: 'lines "START-END rwxp OFFSET DEV INODE PATH" of addresses in order',
  sniff: looksLikeMaps,
  read: parseMaps,
}
