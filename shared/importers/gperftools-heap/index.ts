import type { Importer } from '../importer'
import { looksLikeGperftoolsHeap, parseGperftoolsHeap } from './parse'

export const gperftoolsHeapImporter: Importer = {
  id: 'gperftools-heap',
  title: 'gperftools heap profile',
  extensions: ['heap', 'hprof'],
  produces: 'profile',
  priority: 118,
  knownBy: 'a first line "heap profile: BLOCKS: BYTES [BLOCKS: BYTES] @ KIND"',
  sniff: looksLikeGperftoolsHeap,
  read: parseGperftoolsHeap,
}
