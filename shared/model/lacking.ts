/**
 * What a source cannot tell, so that no view and no report passes off an absence as a zero. The text ends the sentence
 * "The source does not tell ...".
 */
export const LACKING_TEXTS = {
  addresses: 'where blocks lay: a layout can only be simulated',
  sites: 'where in the program memory was asked for',
  symbols: 'the names of functions, only code addresses',
  times: 'when something happened',
  threads: 'which thread did it',
  frees: 'what was freed',
  reallocs: 'which free and allocation were one reallocation',
  'identity-of-frees': 'which of several equal blocks was freed',
  'earlier-blocks': 'what was allocated before recording began',
  'requested-sizes': 'how many bytes the program asked for',
  history: 'what happened before or after this moment',
  order: 'in which order things happened, only sums',
  blocks: 'single blocks, only sums',
  'all-blocks': 'all blocks: only some are listed',
  'free-blocks': 'free blocks',
  'consumed-sizes': 'how many bytes blocks took, with headers and rounding',
  'page-states': 'which pages were committed',
  'exact-counts': 'exact figures: they were drawn by sampling',
} as const

export type Lacking = keyof typeof LACKING_TEXTS

/** All words, in the order in which they are told. */
export const LACKING_WORDS = Object.keys(LACKING_TEXTS) as readonly Lacking[]

/** Units of the source's own figures; inside Heapscape sizes are bytes and times nanoseconds. */
export interface SourceUnits {
  /** For instance `bytes`, `KiB`, `granules of 16 bytes`. */
  readonly sizes: string
  /** For instance `ns`, `ms`, `instructions`; null when the source tells no times. */
  readonly times: string | null
}
