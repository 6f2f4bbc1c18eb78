// A seeded sequence of requests for benches: most blocks live briefly, the others stay and are replaced at random.
import { mulberry32 } from '../../../shared/base/random'

/** One element per event, coded as in Trace: op 0 alloc, 1 free, 2 realloc; `object` numbers blocks by first allocation. */
export interface SampleEvents {
  readonly op: Uint8Array
  readonly object: Uint32Array
  /** Requested bytes; 0 on frees. */
  readonly size: Uint32Array
  readonly objects: number
}

export interface SampleShape {
  readonly events: number
  /** Blocks alive once the sequence has grown up. */
  readonly liveBlocks: number
  readonly seed: number
  /** The last events free everything, as a program that ends tidily. */
  readonly endsEmpty?: boolean
}

const SHORT_LIVED_BLOCKS = 2000
const SHORT_LIVED_SHARE = 0.7
const REALLOC_SHARE = 0.02

/** 8 bytes and an exponential part of mean 120 for nine of ten, up to 4 KiB for the tenth: 260 bytes on average. */
function drawSize(random: () => number): number {
  if (random() < 0.9) return 8 + Math.min(4000, Math.floor(-Math.log(1 - random()) * 120))
  const share = random()
  return 256 + Math.floor(share * share * 3840)
}

class SequenceBuilder {
  readonly op: Uint8Array
  readonly object: Uint32Array
  readonly size: Uint32Array
  length = 0
  objects = 0

  constructor(events: number) {
    this.op = new Uint8Array(events)
    this.object = new Uint32Array(events)
    this.size = new Uint32Array(events)
  }

  add(op: number, object: number, size: number): void {
    this.op[this.length] = op
    this.object[this.length] = object
    this.size[this.length++] = size
  }

  alloc(size: number): number {
    this.add(0, this.objects, size)
    return this.objects++
  }

  finish(): SampleEvents {
    const { op, object, size, length, objects } = this
    return { op: op.subarray(0, length), object: object.subarray(0, length), size: size.subarray(0, length), objects }
  }
}

export function makeSampleEvents({ events, liveBlocks, seed, endsEmpty = false }: SampleShape): SampleEvents {
  const random = mulberry32(seed)
  const sequence = new SequenceBuilder(events)
  const live = new Uint32Array(Math.max(liveBlocks, SHORT_LIVED_BLOCKS + 1))
  let alive = 0
  // The short-lived are live[0, SHORT_LIVED_BLOCKS); the others stand behind them.
  while (alive < SHORT_LIVED_BLOCKS) live[alive++] = sequence.alloc(drawSize(random))
  const below = (limit: number): number => Math.floor(random() * limit)
  // Two events may come in one step, and at the end every block may need its free.
  while (sequence.length + 2 + (endsEmpty ? alive + 1 : 0) <= events) {
    const kind = random()
    if (kind < REALLOC_SHARE) {
      sequence.add(2, live[below(alive)]!, drawSize(random))
      continue
    }
    const isShort = kind < REALLOC_SHARE + SHORT_LIVED_SHARE
    if (!isShort && alive < liveBlocks) {
      live[alive++] = sequence.alloc(drawSize(random))
      continue
    }
    const place = isShort || alive === SHORT_LIVED_BLOCKS ? below(SHORT_LIVED_BLOCKS) : SHORT_LIVED_BLOCKS + below(alive - SHORT_LIVED_BLOCKS)
    sequence.add(1, live[place]!, 0)
    live[place] = sequence.alloc(drawSize(random))
  }
  for (let i = 0; endsEmpty && i < alive; i++) sequence.add(1, live[i]!, 0)
  return sequence.finish()
}
