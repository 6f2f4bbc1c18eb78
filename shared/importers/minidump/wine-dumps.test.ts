import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { checkSnapshot } from '../../model/integrity'
import type { Snapshot } from '../../model/snapshot'
import { bytesOf, hasKit, KIT_SAMPLES, openDump } from './testing/dump-data'
import { expectWalkEquals, readTruth, REGION, type Truth } from './testing/wine-truth'

describe.skipIf(!hasKit)('dumps of a program under Wine 8', () => {
  describe.each([1, 2])('stage %i', (stage) => {
    let snapshot: Snapshot
    let truth: Truth
    beforeAll(async () => {
      snapshot = await openDump(bytesOf(join(KIT_SAMPLES, `stage${stage}.dmp.gz`)))
      truth = readTruth(join(KIT_SAMPLES, `stage${stage}.truth.json.gz`))
    })

    it('finds exactly the heaps the process had', () => {
      expect(snapshot.heaps.map(({ base }) => base)).toEqual(truth.heaps.map(Number).sort((a, b) => a - b))
      expect(snapshot.heapReports.every(({ confidence, discovery }) => confidence === 'verified' && discovery === 'peb+scan')).toBe(true)
      expect(checkSnapshot(snapshot)).toEqual([])
    })

    it('walks every entry of every heap: kind, address, size, overhead', () => {
      expect(expectWalkEquals(snapshot, truth)).toBeGreaterThan(3000)
    })

    it('tells regions, committed and reserved bytes as HeapWalk does', () => {
      for (const [index, heap] of snapshot.heaps.entries()) {
        const regions = truth.walk.filter((entry) => Number(entry[0]) === heap.base && entry[5] === REGION)
        const report = snapshot.heapReports[index]!
        expect(report.segments).toBe(regions.length)
        expect(report.committedBytes).toBe(regions.reduce((sum, entry) => sum + entry[6]!, 0))
        expect(report.reservedBytes).toBe(regions.reduce((sum, entry) => sum + entry[6]! + entry[7]!, 0))
      }
    })

    it('reads the content of every block the program owns', () => {
      for (const [, address, size, serial] of truth.own) {
        const expected = new Uint8Array(size).fill(serial & 0xff)
        if (size >= 8) new DataView(expected.buffer).setBigUint64(0, BigInt(serial), true)
        const read = snapshot.memory!.read(Number(address), size)
        expect(Buffer.compare(read, expected), address).toBe(0)
      }
      expect(truth.own.length).toBeGreaterThan(1000)
    })

    it('agrees with each heap’s own free lists', () => {
      for (const report of snapshot.heapReports) expect(report.counters.filter(({ equal }) => !equal)).toEqual([])
    })
  })
})
