import type { Importer } from '../importer'
import { looksLikeCsvBlocks, parseCsvBlocks } from './parse'

export const blocksCsvImporter: Importer = {
  id: 'blocks-csv',
  title: 'Blocks as CSV',
  extensions: ['csv', 'tsv'],
  produces: 'snapshot',
  priority: 14,
  knownBy: 'a header with columns such as "address,size", separated by comma, semicolon or tab',
  sniff: looksLikeCsvBlocks,
  read: parseCsvBlocks,
}
