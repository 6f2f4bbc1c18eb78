import type { MeasureBasis, MeasureInfo } from './profile'

/*
 * The measures importers have in common, so that equal things have equal names in every format. `-sampled` and
 * `-scaled` forms of one id exist side by side in sampled profiles (sampledPair).
 */
const exact = (id: string, unit: string, definition: string, additive = true): MeasureInfo => ({ id, unit, basis: 'exact', definition, additive })

export const MEASURES = {
  liveBytes: exact('live-bytes', 'bytes', 'Bytes requested and not yet freed at the moment of the profile.'),
  liveBlocks: exact('live-blocks', 'blocks', 'Blocks not yet freed at the moment of the profile.'),
  allocatedBytes: exact('allocated-bytes', 'bytes', 'Bytes requested in total, freed or not.'),
  allocatedBlocks: exact('allocated-blocks', 'blocks', 'Blocks allocated in total, freed or not.'),
  freedBytes: exact('freed-bytes', 'bytes', 'Bytes freed in total.'),
  freedBlocks: exact('freed-blocks', 'blocks', 'Blocks freed in total.'),
  peakBytes: exact('peak-bytes', 'bytes', 'Bytes live at the moment the whole program had most bytes live.'),
  peakBlocks: exact('peak-blocks', 'blocks', 'Blocks live at the moment the whole program had most bytes live.'),
  endBytes: exact('end-bytes', 'bytes', 'Bytes live at the end of the program.'),
  endBlocks: exact('end-blocks', 'blocks', 'Blocks live at the end of the program.'),
  sitePeakBytes: exact('site-peak-bytes', 'bytes', 'Most bytes the site alone had live at once; sites have their peaks at different moments.', false),
  sitePeakBlocks: exact('site-peak-blocks', 'blocks', 'Blocks the site had live at its own peak of bytes; sites have their peaks at different moments.', false),
  overheadBytes: exact('overhead-bytes', 'bytes', 'Bytes the heap adds to what was requested: headers, rounding, tails.'),
} as const satisfies Readonly<Record<string, MeasureInfo>>

/** The measure under another definition, where a format counts a little differently. */
export const redefined = (info: MeasureInfo, definition: string): MeasureInfo => ({ ...info, definition })

/** With the sum the source states. */
export const withStatedTotal = (info: MeasureInfo, statedTotal: number): MeasureInfo => ({ ...info, statedTotal })

/** What a sampled file holds, and what it stands for: two measures, never mixed. */
export function sampledPair(info: MeasureInfo): { readonly sampled: MeasureInfo; readonly scaled: MeasureInfo } {
  const plain = info.definition.replace(/\.$/, '')
  const form = (basis: MeasureBasis, definition: string): MeasureInfo => ({ ...info, id: `${info.id}-${basis}`, basis, definition })
  return {
    sampled: form('sampled', `${plain}; only what was sampled, as it stands in the file.`),
    scaled: form('scaled', `${plain}; an estimate, scaled from the sample by the probability of being sampled.`),
  }
}
