/** What File > Open reads, as the start page tells it. Formats are told by content, not by name. */
export const OPENABLE_FORMATS = [
  { title: 'Heapscape file', text: 'a trace, run or snapshot saved here (.heapscape)' },
  { title: 'glibc mtrace', text: 'what mtrace() or MALLOC_TRACE wrote' },
  { title: 'Malloc lab trace', text: '.rep files of allocation courses and benchmarks' },
] as const

export const UNPACKED = 'Packed with gzip, zstd, xz or bzip2 they are unpacked on the way.'
