import type { Importer } from '../importer'
import { looksLikeMaps, parseMaps } from './parse'

export const procMapsImporter: Importer = {
  id: 'proc-maps',
  title: 'Linux /proc/PID/smaps or maps',
  extensions: ['smaps', 'maps', 'txt'],
  produces: 'snapshot',
  priority: 60,
  knownBy: 'a first line like "5581c0a00000-5581c0a02000 r--p 00000000 fe:00 260386 /usr/bin/cat"',
  knownBy: 'lines "START-END rwxp OFFSET DEV INODE PATH" of addresses in order',
  sniff: looksLikeMaps,
  read: parseMaps,
}
