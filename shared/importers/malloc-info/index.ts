import type { Importer } from '../importer'
import { looksLikeMallocInfo, parseMallocInfo } from './parse'

export const mallocInfoImporter: Importer = {
  id: 'malloc-info',
  title: 'glibc malloc_info',
  extensions: ['xml'],
  produces: 'profile',
  priority: 98,
  knownBy: 'a first element <malloc version="...">',
  sniff: looksLikeMallocInfo,
  read: parseMallocInfo,
}
