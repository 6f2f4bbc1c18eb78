import type { Importer } from '../importer'
import { looksLikeUmdh, parseUmdh } from './parse'

export const umdhImporter: Importer = {
  id: 'umdh',
  title: 'UMDH log or difference of two',
  extensions: ['log', 'txt'],
  produces: 'profile',
  priority: 94,
  knownBy: 'comment lines of UMDH ("// UMDH", "// Debug library initialized"), or entries "+ BYTES ( NEW - OLD) COUNT allocs BackTraceID"',
  sniff: looksLikeUmdh,
  read: parseUmdh,
}
