import type { Importer } from '../importer'
import { parseCsvEvents } from './parse'
import { looksLikeCsvEvents } from './header'

export const eventsCsvImporter: Importer = {
  id: 'events-csv',
  title: 'Events as CSV',
  extensions: ['csv'],
  produces: 'trace',
  priority: 32,
  knownBy: 'a header line with the columns op, at and size',
  sniff: looksLikeCsvEvents,
  read: parseCsvEvents,
}
