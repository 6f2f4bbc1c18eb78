import type { Importer } from '../importer'
import { looksLikeWinDbg } from './sniff'
import { parseWinDbg } from './parse'

export const winDbgImporter: Importer = {
  id: 'windbg',
  title: 'WinDbg log of !heap or !address',
  extensions: ['log', 'txt'],
  produces: 'snapshot',
  priority: 58,
  knownBy: 'a prompt with "!heap" or "!address", or a heading of one of their tables',
  sniff: looksLikeWinDbg,
  read: parseWinDbg,
}
