import type { Importer } from '../importer'
import { parseMinidump } from './parse'

const MDMP = [0x4d, 0x44, 0x4d, 0x50]
const PAGE = [0x50, 0x41, 0x47, 0x45]
const DUMP_BYTE_4 = 0x44

/** "MDMP", or "PAGEDUMP" and "PAGEDU64" of system dumps, which are refused with the reason. */
function sniff(head: Uint8Array): boolean {
  const starts = (magic: readonly number[]): boolean => magic.every((byte, i) => head[i] === byte)
  return starts(MDMP) || (starts(PAGE) && head[4] === DUMP_BYTE_4)
}

export const minidumpImporter: Importer = {
  id: 'minidump',
  title: 'Windows minidump',
  extensions: ['dmp', 'mdmp'],
  produces: 'snapshot',
  priority: 900,
  knownBy: 'the letters MDMP',
  sniff,
  read: parseMinidump,
}
