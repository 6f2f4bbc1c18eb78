import type { Importer } from '../importer'
import { looksLikeRep } from './header'
import { parseMalloclab } from './parse'

export const malloclabImporter: Importer = {
  id: 'malloclab',
  title: 'Malloc lab trace',
  extensions: ['rep'],
  produces: 'trace',
  priority: 20,
  knownBy: 'four numbers, then lines "a ID SIZE", "r ID SIZE" or "f ID"',
  sniff: looksLikeRep,
  read: parseMalloclab,
}
