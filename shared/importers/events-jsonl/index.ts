import type { Importer } from '../importer'
import { looksLikeJsonEvents, parseJsonEvents } from './parse'

export const eventsJsonlImporter: Importer = {
  id: 'events-jsonl',
  title: 'Events as JSON Lines',
  extensions: ['jsonl', 'ndjson'],
  produces: 'trace',
  priority: 34,
  knownBy: 'a first line {"heapscape":"events",...}',
  sniff: looksLikeJsonEvents,
  read: parseJsonEvents,
}
