/** Tables about a snapshot whose heaps were walked; all but the last two speak of the heap that is looked at. */
export const DUMP_TABLES = ['containers', 'buckets', 'free', 'segments', 'uncommitted', 'pages', 'regions', 'owners'] as const
export type DumpTable = (typeof DUMP_TABLES)[number]

/** Tables about two moments of one process. */
export const DIFFERENCE_TABLES = ['places', 'sizes', 'pages'] as const
export type DifferenceTable = (typeof DIFFERENCE_TABLES)[number]
