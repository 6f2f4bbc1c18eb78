import type { Importer } from '../importer'
import { parsePprof } from './parse'
import { looksLikePprof } from './sniff'

export const pprofImporter: Importer = {
  id: 'pprof',
  title: 'pprof profile of memory',
  extensions: ['pb', 'pprof'],
  produces: 'profile',
  priority: 22,
  knownBy: 'protocol buffer fields of a pprof profile that begins with its sample types',
  sniff: looksLikePprof,
  read: parsePprof,
}
