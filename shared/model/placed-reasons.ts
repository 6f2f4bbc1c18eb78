/*
 * Why a block lies where it does, as one word for each way of placing, over all heap managers; which manager knows which,
 * and the sentences with their numbers, is in sim/profiles/reasons. In columns 0 is "not told", n is PLACED_REASONS[n - 1].
 */
export const PLACED_REASONS = [
  // Free blocks that are split and merged.
  'exact', 'split', 'whole', 'grown', 'resized',
  // NT heaps.
  'committed', 'segment', 'virtual', 'lfh-slot', 'lfh-new', 'lookaside',
  // Segment Heap.
  'slot', 'fresh-slot', 'activating', 'fresh-chunk', 'pages', 'large',
  // glibc's.
  'thread-cache', 'fast-bin', 'small-bin', 'unsorted', 'last-remainder', 'large-bin', 'higher-bin', 'top', 'grown-top', 'mapped', 'remapped',
  // Pages of blocks of one size.
  'free', 'freed', 'cut', 'fresh-page', 'huge', 'kept', 'partial', 'empty', 'fresh',
] as const
export type PlacedReason = (typeof PLACED_REASONS)[number]
