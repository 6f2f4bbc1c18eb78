import fc from 'fast-check'
import { expect } from 'vitest'
import { RaisedException } from '../error-codes'
import type { ProcessOptions } from '../process-types'
import { ProcessModel, type Step } from './process-model'

const sizes = fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 0, max: 200_000 }))
const steps = (length: number): fc.Arbitrary<Step[]> =>
  fc.array(fc.record({ kind: fc.nat(1000), pick: fc.nat(), size: sizes, flags: fc.nat(0x1ff) }), { minLength: 1, maxLength: length, size: 'max' })

/** Processes that differ in everything the calls depend on. */
export const variants: readonly (readonly [string, ProcessOptions])[] = [
  ['32 bits', {}],
  ['64 bits', { bits: 64 }],
  ['a small fixed default heap that moves blocks', { compaction: 'moveable', defaultHeap: { reserveBytes: 0x10000, growable: false } }],
  ['8-byte headers, small ranges, little memory', { shape: { headerBytes: 8, granuleBytes: 8, tailBytes: 0 }, growthBytes: 0x10000, memory: { physicalBytes: 1 << 20, pageFileBytes: 1 << 20, workingSetMaximumPages: 20 } }],
]

/** One process of each manager and width, and those whose bytes are not known. */
export const versions: readonly (readonly [string, ProcessOptions])[] = ['xp-x86', 'xp-x64', '7-x86', '7-x64', '10-x86', '11-x64', '10-1507-x64-segment', '10-1607-x64-segment', '10-2004-x86-segment', '11-24h2-x64-segment'].map(
  (version) => [version, { version }] as const,
)

/** Random calls agree with the model after every step and leave nothing behind. */
export function agreesWithModel(options: ProcessOptions, length: number, numRuns: number, seed: number): void {
  fc.assert(
    fc.property(steps(length), (program) => {
      const model = new ProcessModel(options)
      for (const step of program) {
        model.step(step)
        model.check()
      }
      model.empty()
    }),
    { numRuns, seed },
  )
}

/** Going back to any call and carrying the rest out again gives the same results and the same bytes. */
export function comesOutAlike(options: ProcessOptions, length: number, numRuns: number, seed: number): void {
  fc.assert(
    fc.property(steps(length), fc.nat(), (program, pick) => {
      const model = new ProcessModel(options)
      for (const step of program) model.step(step)
      const { process } = model
      const calls = process.checkpoint()
      const image = imageOf(model)
      const back = pick % (calls + 1)
      const log = Array.from({ length: calls - back }, (_, i) => process.callAt(back + i))
      process.restore(back)
      expect(process.callCount).toBe(back)
      for (const { name, args, result, exception } of log) {
        try {
          expect(process.call(name, ...args)).toBe(result)
        } catch (error) {
          if (!(error instanceof RaisedException)) throw error
          expect(error.code).toBe(exception)
        }
      }
      expect(imageOf(model)).toEqual(image)
    }),
    { numRuns, seed },
  )
}

/** Regions, counters and all bytes. */
function imageOf({ process }: ProcessModel): unknown {
  const regions = process.regions()
  const bytes: number[] = []
  const rows: number[][] = []
  for (let row = 0; row < regions.length; row++) {
    const [base, size] = [regions.base.at(row), regions.size.at(row)]
    rows.push([base, size, regions.state.at(row), regions.protect!.at(row)])
    let sum = 0
    for (const byte of process.read(base, size)) sum = (Math.imul(sum, 31) + byte) | 0
    bytes.push(sum)
  }
  return { rows, bytes, counters: process.counters, error: process.lastError, table: process.handleTable }
}
