import type { Importer } from '../importer'
import { looksLikeDhat, parseDhat } from './parse'

export const dhatImporter: Importer = {
  id: 'dhat',
  title: 'DHAT profile',
  extensions: ['json'],
  produces: 'profile',
  priority: 112,
  knownBy: 'a JSON object that begins with "dhatFileVersion"',
  sniff: looksLikeDhat,
  read: parseDhat,
}
