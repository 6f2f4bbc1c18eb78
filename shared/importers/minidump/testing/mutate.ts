import { expect } from 'vitest'
import { HeapscapeError } from '../../../base/errors'
import { mulberry32 } from '../../../base/random'
import { checkSnapshot } from '../../../model/integrity'
import { openDump } from './dump-data'

/** A single dump may take this long, damaged as it may be. */
const LIMIT_MS = 10_000

/**
 * Opens `rounds` damaged copies of a dump, drawn with `seed`: bytes, 32-bit words (lengths, offsets, pointers that make
 * cycles) and the end. Each must give a sound snapshot or a coded error in bounded time.
 */
export async function mutateDump(dump: Uint8Array, rounds: number, seed: number): Promise<void> {
  const random = mulberry32(seed)
  const below = (limit: number): number => Math.floor(random() * limit)
  for (let round = 0; round < rounds; round++) {
    const bytes = dump.slice()
    const view = new DataView(bytes.buffer)
    let length = bytes.length
    for (let times = 1 + below(6); times > 0; times--) {
      // Half of the damage goes to the directories and lists at the front, where it does the most.
      const at = below(below(2) === 0 ? Math.min(4096, bytes.length) : bytes.length)
      const aligned = Math.min(at - (at % 4), bytes.length - 4)
      const kind = below(5)
      if (kind === 0) bytes[at] = below(256)
      else if (kind === 1) bytes[at]! ^= 1 << below(8)
      else if (kind === 2) view.setUint32(aligned, below(0x100000000), true)
      else if (kind === 3) view.setUint32(aligned, view.getUint32(4 * below(bytes.length / 4), true), true)
      else if (below(10) === 0) length = 1 + at
    }
    const started = performance.now()
    try {
      const violations = checkSnapshot(await openDump(bytes.subarray(0, length)))
      if (violations.length > 0) expect.fail(`seed ${seed}, round ${round}: ${violations.join('; ')}`)
    } catch (error) {
      if (!(error instanceof HeapscapeError) || error.code === 'internal') throw new Error(`seed ${seed}, round ${round}`, { cause: error })
    }
    const tookMs = performance.now() - started
    if (tookMs > LIMIT_MS) expect.fail(`seed ${seed}, round ${round}: ${Math.round(tookMs)} ms`)
  }
}
