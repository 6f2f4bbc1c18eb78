/** What an independent program counted in recorded logs (a realloc is one `<` and one `>` line; sizes in bytes). */
export interface Fact {
  readonly file: string
  /** Small enough for the quick suite. */
  readonly quick: boolean
  readonly counts: {
    readonly alloc: number
    readonly free: number
    readonly realloc: number
    readonly orphanFree: number
    readonly requestedBytesTotal: number
    readonly peakLiveBytes: number
    readonly peakLiveBlocks: number
    readonly peakAtEvent: number
    readonly endLiveBytes: number
    readonly endLiveBlocks: number
  }
}

type Row = readonly [
  file: string,
  speed: 'quick' | 'long',
  alloc: number,
  free: number,
  realloc: number,
  orphanFree: number,
  requestedBytesTotal: number,
  peakLiveBytes: number,
  peakLiveBlocks: number,
  peakAtEvent: number,
  endLiveBytes: number,
  endLiveBlocks: number,
]

const ROWS: readonly Row[] = [
  ['git-log.mtrace.zst', 'quick', 13291, 12570, 480, 0, 68542882, 8418403, 798, 26056, 5261864, 721],
  ['git-pack.mtrace.zst', 'quick', 112001, 108736, 6622, 0, 1168270316, 49975810, 5850, 193432, 20830056, 3265],
  ['gzip.mtrace.zst', 'quick', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  ['perl-1000.mtrace.zst', 'quick', 23872, 22886, 5030, 0, 1665393, 784933, 5020, 52770, 565772, 986],
  ['py-200.mtrace.zst', 'quick', 3460, 3448, 386, 0, 7002205, 1527806, 673, 7015, 409046, 12],
  ['py-4000-pymalloc-off.r1.mtrace.zst', 'long', 1373041, 1372566, 28012, 0, 153180546, 18414553, 204203, 2534907, 52839, 475],
  ['py-4000-pymalloc-off.r2.mtrace.zst', 'long', 1373041, 1372566, 28012, 0, 153180546, 18414490, 204202, 2534908, 52839, 475],
  ['py-4000.r1.mtrace.zst', 'quick', 33444, 33432, 1134, 0, 67965197, 6043793, 783, 68369, 409046, 12],
  ['py-4000.r2.mtrace.zst', 'quick', 33444, 33432, 1134, 0, 67965197, 6043793, 783, 68369, 409046, 12],
  ['sqlite-20k-c256.r1.mtrace.zst', 'quick', 629659, 629659, 35272, 0, 183800762, 7612306, 3814, 1325732, 0, 0],
  ['sqlite-20k-c256.r2.mtrace.zst', 'long', 629659, 629659, 35272, 0, 183800762, 7612306, 3814, 1325732, 0, 0],
  ['sqlite-20k-c8000.r1.mtrace.zst', 'long', 629659, 629659, 35272, 0, 183800771, 7612307, 3814, 1325732, 0, 0],
  ['sqlite-20k-c8000.r2.mtrace.zst', 'long', 629659, 629659, 35272, 0, 183800771, 7612307, 3814, 1325732, 0, 0],
  ['sqlite-20k-file-c256.r1.mtrace.zst', 'long', 629318, 629318, 35272, 0, 181678130, 5278098, 3265, 1325599, 0, 0],
  ['sqlite-20k-file-c8000.r1.mtrace.zst', 'long', 629853, 629853, 35272, 0, 184018587, 7612387, 3798, 1326136, 0, 0],
  ['sqlite-500.mtrace.zst', 'quick', 19866, 19866, 1232, 0, 6432106, 342418, 431, 41449, 0, 0],
  ['sqlite-60k.mtrace.zst', 'long', 2674016, 2674016, 107659, 0, 589801750, 22619882, 10760, 5552274, 0, 0],
]

export const FACTS: readonly Fact[] = ROWS.map(
  ([file, speed, alloc, free, realloc, orphanFree, requestedBytesTotal, peakLiveBytes, peakLiveBlocks, peakAtEvent, endLiveBytes, endLiveBlocks]) => ({
    file,
    quick: speed === 'quick',
    counts: { alloc, free, realloc, orphanFree, requestedBytesTotal, peakLiveBytes, peakLiveBlocks, peakAtEvent, endLiveBytes, endLiveBlocks },
  }),
)
