import type { Importer } from '../importer'
import { parseMtrace } from './parse'
import { looksLikeMtrace } from './sniff'

export const mtraceImporter: Importer = {
  id: 'mtrace',
  title: 'glibc mtrace log',
  extensions: ['mtrace'],
  produces: 'trace',
  priority: 30,
  sniff: looksLikeMtrace,
  read: parseMtrace,
}
