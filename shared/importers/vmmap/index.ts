import type { Importer } from '../importer'
import { looksLikeVmMap, parseVmMap } from './parse'

export const vmMapImporter: Importer = {
  id: 'vmmap',
  title: 'VMMap file',
  extensions: ['mmp'],
  produces: 'snapshot',
  priority: 62,
  knownBy: 'XML with <Region> elements that have the attributes Address, Size and UseType',
  sniff: looksLikeVmMap,
  read: parseVmMap,
}
