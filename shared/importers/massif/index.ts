import type { Importer } from '../importer'
import { looksLikeMassif, parseMassif } from './parse'

export const massifImporter: Importer = {
  id: 'massif',
  title: 'Valgrind Massif profile',
  extensions: ['massif'],
  produces: 'profile',
  priority: 110,
  knownBy: 'first lines "desc:", "cmd:" and "time_unit:"',
  sniff: looksLikeMassif,
  read: parseMassif,
}
