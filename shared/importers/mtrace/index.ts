import type { Importer } from '../importer'
import { parseMtrace } from './parse'
import { looksLikeMtrace } from './sniff'

export const mtraceImporter: Importer = {
  id: 'mtrace',
  title: 'glibc mtrace log',
  extensions: ['mtrace'],
  produces: 'trace',
  priority: 30,
  knownBy: 'a first line "= Start", or "@ SITE + POINTER SIZE"',
  sniff: looksLikeMtrace,
  read: parseMtrace,
}
