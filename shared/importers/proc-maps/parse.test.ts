import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { computeSnapshotMetrics } from '../../analysis/metrics/snapshot-metrics'
import { MemorySource } from '../../base/byte-source'
import { cancelledAfter, quietJob } from '../../base/job-context'
import { NONE } from '../../base/units'
import { checkSnapshot } from '../../model/integrity'
import { REGION_KIND_NAMES, REGION_STATE_NAMES } from '../../model/region-table'
import type { Snapshot } from '../../model/snapshot'
import { looksLikeMaps, parseMaps } from './parse'

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
const read = (text: string, mode: 'compatible' | 'strict' = 'compatible'): Promise<Snapshot> => parseMaps(new MemorySource(bytesOf(text), 'test'), { mode }, quietJob)
const codesOf = ({ origin }: Snapshot): string[] => origin.notes.map((note) => `${note.code} x${note.count} @${note.firstLine}`)
const sumOf = ({ regions }: Snapshot, name: 'resident' | 'proportional' | 'private' | 'swapped'): number => [...regions[name]!.slice()].reduce((sum, bytes) => sum + bytes, 0)

const line = (range: string, permissions: string, name: string): string => `${range} ${permissions} 00000000 00:00 0 ${name}\n`
/** `reserved private 0x1 ` */
async function regionText(text: string): Promise<string> {
  const snapshot = await read(text, 'strict')
  expect(checkSnapshot(snapshot)).toEqual([])
  const { regions, owners } = snapshot
  return Array.from({ length: regions.length }, (_, row) => `${REGION_STATE_NAMES[regions.state.at(row)]} ${REGION_KIND_NAMES[regions.kind!.at(row)]} 0x${regions.protect!.at(row).toString(16)} ${owners[regions.owner.at(row)] ?? '-'}`).join('; ')
}

describe('mappings', () => {
  test.each([
    ['a heap', line('1000-2000', 'rw-p', '[heap]'), 'committed heap 0x4 [heap]'],
    ['a stack', line('1000-2000', 'rw-p', '[stack:12]'), 'committed stack 0x4 [stack:12]'],
    ['reserved memory', line('1000-2000', '---p', ''), 'reserved private 0x1 -'],
    ['a named anonymous range', line('1000-2000', 'rw-p', '[anon:dalvik]'), 'committed private 0x4 [anon:dalvik]'],
    ['shared memory', line('1000-2000', 'rw-s', ''), 'committed mapped 0x4 -'],
    ['a data file', line('1000-2000', 'r--s', '/a b'), 'committed mapped 0x2 /a b'],
    ['a library', line('1000-2000', 'r-xp', '/l.so') + line('2000-3000', 'rw-p', '/l.so'), 'committed image 0x20 /l.so; committed image 0x8 /l.so'],
    ['the vdso', line('1000-2000', 'r-xp', '[vdso]'), 'committed environment 0x20 [vdso]'],
    ['execute only', line('1000-2000', '--xp', ''), 'committed private 0x10 -'],
  ])('%s', async (_, text, expected) => expect(await regionText(text)).toBe(expected))

  test('are known by the first line alone', () => {
    expect([line('1000-2000', 'rw-p', ''), '1000-2000 rw-q 0 0:0 0\n', '1000-2000\n', ''].map((text) => looksLikeMaps(bytesOf(text)))).toEqual([true, false, false, false])
  })

  test('list no blocks: metrics of blocks are null with the reason, those of the address space are there', async () => {
    const snapshot = await read(line('10000-20000', 'rw-p', ''))
    const metrics = computeSnapshotMetrics(snapshot)
    expect([snapshot.coverage, metrics.M1_liveBlocks, metrics.reasons['M1_liveBlocks']]).toEqual(['none', null, 'the source lists no blocks'])
    expect(metrics.M13_largestReservableBytes).toBe(0x10000)
    expect(snapshot.regions.resident).toBeUndefined()
  })

  test('a cut file says so, and gaps of its address space are not called free', async () => {
    const snapshot = await read(line('10000-20000', 'rw-p', '') + '30000-4')
    expect([snapshot.origin.partial, codesOf(snapshot), computeSnapshotMetrics(snapshot).M13_addressScatter]).toEqual([true, ['cut-line x1 @2'], null])
    await expect(read(line('10000-20000', 'rw-p', '') + '30000-4', 'strict')).rejects.toMatchObject({ code: 'format-malformed', where: { line: 2 } })
  })

  test('a line of no meaning is skipped, or refused with its number', async () => {
    const text = line('10000-20000', 'rw-p', '') + 'what\n'
    expect(codesOf(await read(text))).toEqual(['unreadable-line x1 @2'])
    await expect(read(text, 'strict')).rejects.toMatchObject({ code: 'format-malformed', where: { line: 2 }, facts: { got: 'what' } })
  })

  test('a field some mappings lack is not told there, and not 0', async () => {
    const { regions } = await read(line('1000-2000', 'rw-p', '') + 'Rss: 4 kB\n' + line('2000-3000', 'rw-p', '') + 'Swap: 1 kB\n')
    expect([[...regions.resident!.slice()], [...regions.swapped!.slice()]]).toEqual([[4096, NONE], [NONE, 1024]])
  })

  test('a rollup that is not the sum is told', async () => {
    const rollup = (kilobytes: number): string => line('1000-2000', '---p', '[rollup]') + `Rss: ${kilobytes} kB\n`
    const mapping = line('1000-2000', 'rw-p', '') + 'Rss: 4 kB\n'
    expect(codesOf(await read(mapping + rollup(4)))).toEqual([])
    expect(codesOf(await read(mapping + rollup(8)))).toEqual(['other-total x1 @3'])
    expect((await read(rollup(8))).regionTotals).toEqual([{ group: 'rollup', name: 'Rss', regions: null, bytes: 8192 }])
  })

  test('can be cancelled', async () => {
    await expect(parseMaps(new MemorySource(bytesOf(line('1000-2000', 'rw-p', ''))), { mode: 'compatible' }, cancelledAfter(0))).rejects.toMatchObject({ code: 'cancelled' })
  })
})

describe.skipIf(process.platform !== 'linux')('a living process that sleeps', () => {
  test('its mappings sum to what the kernel sums up itself', async () => {
    const child = spawn('sleep', ['30'], { stdio: 'ignore' })
    try {
      await wait(150)
      const folder = `/proc/${child.pid}`
      const [smaps, rollup, maps] = ['smaps', 'smaps_rollup', 'maps'].map((name) => readFileSync(`${folder}/${name}`, 'latin1'))
      const snapshot = await read(smaps! + rollup!, 'strict')
      expect(codesOf(snapshot).filter((code) => !code.startsWith('kernel-region'))).toEqual([])
      expect(checkSnapshot(snapshot)).toEqual([])
      const total = (name: string): number => snapshot.regionTotals.find((one) => one.name === name)!.bytes
      expect(sumOf(snapshot, 'resident')).toBe(total('Rss'))
      expect(sumOf(snapshot, 'private')).toBe(total('Private_Clean') + total('Private_Dirty'))
      expect(sumOf(snapshot, 'swapped')).toBe(total('Swap'))
      expect(Math.abs(sumOf(snapshot, 'proportional') - total('Pss'))).toBeLessThan(snapshot.regions.length * 1024)
      const plain = await read(maps!, 'strict')
      expect([...plain.regions.base.slice()]).toEqual([...snapshot.regions.base.slice()])
      expect(plain.owners.some((owner) => owner.endsWith('/sleep') || owner.includes('coreutils') || owner.includes('busybox'))).toBe(true)
    } finally {
      child.kill()
    }
  })
})
