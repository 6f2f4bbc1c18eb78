import type { Importer } from '../importer'
import { looksLikeJsonBlocks, parseJsonBlocks } from './parse'

export const blocksJsonImporter: Importer = {
  id: 'blocks-json',
  title: 'Blocks as JSON',
  extensions: ['json'],
  produces: 'snapshot',
  priority: 12,
  knownBy: 'a JSON list of objects with keys such as "address" and "size", alone or under "blocks"',
  sniff: looksLikeJsonBlocks,
  read: parseJsonBlocks,
}
