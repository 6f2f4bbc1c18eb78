interface FormatGroup {
  readonly title: string
  /** Importers by id (shared/importers), each as the sentence names it. */
  readonly formats: Readonly<Record<string, string>>
}

/** What File > Open reads, as the start page tells it. Formats are told by content, not by name. */
export const OPENABLE_FORMATS: readonly FormatGroup[] = [
  {
    title: 'Dumps and snapshots',
    formats: {
      minidump: 'Windows full-memory dumps (.dmp)', windbg: 'WinDbg logs of !heap and !address', vmmap: 'VMMap files',
      'proc-maps': 'Linux smaps and maps', 'blocks-csv': 'blocks as CSV', 'blocks-json': 'or JSON',
    },
  },
  {
    title: 'Allocation traces',
    formats: {
      heaptrack: 'heaptrack', mtrace: 'glibc mtrace', 'valgrind-malloc': 'Valgrind --trace-malloc', 'malloc-bench': 'malloc-bench', malloclab: 'Malloc lab .rep',
      'events-csv': 'events as CSV', 'events-jsonl': 'or JSON Lines',
    },
  },
  {
    title: 'Profiles and statistics',
    formats: {
      massif: 'Massif', dhat: 'DHAT', 'jemalloc-heap': 'jemalloc heap profiles', 'jemalloc-stats': 'and statistics', 'gperftools-heap': 'gperftools', 'tcmalloc-stats': 'tcmalloc', pprof: 'pprof',
      umdh: 'UMDH', 'wpa-heap': 'Windows Performance Analyzer', 'malloc-info': 'malloc_info', 'mallinfo-samples': 'mallinfo2 samples',
    },
  },
  { title: 'Heapscape', formats: { 'own-file': 'everything saved here (.heapscape), console scripts (.heapscript)' } },
]

/** `heaptrack, glibc mtrace, ... events as CSV or JSON Lines`: a name that begins as a sentence goes on takes no comma. */
export const sentenceOf = ({ formats }: FormatGroup): string => Object.values(formats).join(', ').replace(/, (and|or) /g, ' $1 ')

export const UNPACKED = 'Packed with gzip, zstd, xz, bzip2 or zip they are unpacked on the way.'
