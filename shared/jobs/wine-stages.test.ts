import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { compareDumps } from '../analysis/compare-dumps/compare-dumps'
import { PlaceChange } from '../analysis/compare-dumps/match-by-place'
import { MemorySource } from '../base/byte-source'
import { quietJob } from '../base/job-context'
import { parseMinidump } from '../importers/minidump/parse'

/** Two moments of one process under Wine with what the process itself said of its blocks; they lie beside the project. */
const SAMPLES = join(process.env['HEAPSCAPE_DATA'] ?? '../shared/data', '../tools/wine-kit/samples')
const unzipped = (name: string): Buffer => gunzipSync(readFileSync(join(SAMPLES, name)))
const dump = (stage: number) => parseMinidump(new MemorySource(unzipped(`stage${stage}.dmp.gz`), `stage${stage}.dmp`), { mode: 'compatible' }, quietJob)

/** heap, address, size, overhead, region index, flags; and of the program's own blocks: heap, address, size, serial. */
interface Truth {
  readonly walk: readonly (readonly [string, string, number, number, number, number])[]
  readonly own: readonly (readonly [string, string, number, number])[]
}
const truth = (stage: number): Truth => JSON.parse(unzipped(`stage${stage}.truth.json.gz`).toString()) as Truth
const BUSY = 4
const HEADER_BYTES = 8
const LARGE_HEADER_BYTES = 64

/** Size by address of the data, of every busy entry. */
const busyOf = ({ walk }: Truth): Map<number, number> => new Map(walk.filter((entry) => entry[5] === BUSY).map((entry) => [Number(entry[1]), entry[2]]))

describe.skipIf(!existsSync(join(SAMPLES, 'stage2.dmp.gz')))('stage 1 against stage 2 of a Wine process', () => {
  test('gives exactly the differences the process told', async () => {
    const [a, b] = [await dump(1), await dump(2)]
    const [before, after] = [busyOf(truth(1)), busyOf(truth(2))]
    const { changes, places } = await compareDumps(a, b, quietJob)
    const expected = { same: 0, reused: 0, vanished: 0, appeared: 0 }
    for (const [address, size] of before) {
      const now = after.get(address)
      expected[now === undefined ? 'vanished' : now === size ? 'same' : 'reused']++
    }
    for (const address of after.keys()) if (!before.has(address)) expected.appeared++
    expect({ same: changes.kept + changes.changed, reused: changes.reused, vanished: changes.vanished, appeared: changes.appeared }).toEqual(expected)
    expect(Math.min(expected.same, expected.vanished, expected.appeared)).toBeGreaterThan(10)

    // The program writes a serial number into its blocks: one at the same place with another number is another block.
    const kindAt = new Map<number, number>()
    for (let i = 0; i < places.change.length; i++) {
      const [snapshot, row] = places.rowA.at(i) >= 0 ? [a, places.rowA.at(i)] : [b, places.rowB.at(i)]
      const isLarge = snapshot.blocks.address.at(row) % 0x10000 === 0
      kindAt.set(snapshot.blocks.address.at(row) + (isLarge ? LARGE_HEADER_BYTES : HEADER_BYTES), places.change.at(i))
    }
    const serialsBefore = new Map(truth(1).own.map(([, address, size, serial]) => [Number(address), { size, serial }]))
    let checked = 0
    for (const [, address, size, serial] of truth(2).own) {
      const was = serialsBefore.get(Number(address))
      if (was === undefined || was.size !== size || size < 8) continue
      if (was.serial !== serial) expect(kindAt.get(Number(address)), address).toBe(PlaceChange.Changed)
      checked++
    }
    expect(checked).toBeGreaterThan(10)
  })
})
