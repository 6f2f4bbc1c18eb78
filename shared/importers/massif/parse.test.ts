import { describe, expect, test } from 'vitest'
import { MemorySource } from '../../base/byte-source'
import { cancelledAfter } from '../../base/job-context'
import { stackName } from '../../model/call-stacks'
import { findMeasure, measureTotal, MomentDetail, peakMoment, valuesAtMoment, type Profile } from '../../model/profile'
import { noteCodes, openRealProfile, readText, realBytes, realFiles, totalOf } from '../testing/real-profiles'
import { parseMassif } from './parse'

const read = readText(parseMassif)
const HEAD = 'desc: (none)\ncmd: ./a b\ntime_unit: i\n'
const snapshot = (number: number, time: number, heap: number, tree: string): string =>
  `#---\nsnapshot=${number}\n#---\ntime=${time}\nmem_heap_B=${heap}\nmem_heap_extra_B=8\nmem_stacks_B=0\nheap_tree=${tree}\n`

const pathsOf = ({ sites }: Profile): string[] => sites.names.map((_, site) => stackName(sites.calls!.tables, sites.calls!.stackOf.at(site), 99))

describe('what the lines mean', () => {
  test('a leaf is a site; its path runs from the allocation to the outermost caller', async () => {
    const profile = await read(`${HEAD}${snapshot(0, 3, 30, 'peak')}n2: 30 (heap allocation functions) x\n n1: 20 0x10: f(int) (in /lib/a b.so)\n  n0: 20 0x20: main (m.c:7)\n n0: 10 in 2 places, all below massif's threshold (1.00%)\n`, 'strict')
    expect(pathsOf(profile)).toEqual(['f(int) < main', '(places below the threshold)'])
    expect(totalOf(profile, 'peak-bytes')).toBe(30)
    const { frames } = profile.sites.calls!.tables
    expect([frames.module[0], frames.address.at(0), frames.file[1], frames.line.at(1)]).toEqual(['/lib/a b.so', 16, 'm.c', 7])
    expect(profile.command).toBe('./a b')
    expect(profile.series).toMatchObject({ timeUnit: 'instructions' })
  })

  test.each([['i', 'instructions'], ['ms', 'ms'], ['B', 'bytes allocated and freed']])('time unit %s', async (unit, name) => {
    const profile = await read(`desc: x\ncmd: y\ntime_unit: ${unit}\n${snapshot(0, 0, 0, 'empty')}`)
    expect(profile.series!.timeUnit).toBe(name)
  })

  test('without a peak the fullest snapshot with sites stands for it', async () => {
    const tree = (bytes: number): string => `n1: ${bytes} (heap allocation functions) x\n n0: ${bytes} 0x10: f (in a)\n`
    const profile = await read(`${HEAD}${snapshot(0, 1, 90, 'detailed')}${tree(90)}${snapshot(1, 2, 40, 'detailed')}${tree(40)}${snapshot(2, 3, 99, 'empty')}`)
    expect([totalOf(profile, 'peak-bytes'), totalOf(profile, 'live-bytes')]).toEqual([90, 40])
  })
})

describe('defects', () => {
  test.each([
    ['tree-damaged', `${snapshot(0, 1, 30, 'detailed')}n1: 30 (x) y\n n0: 29 0x1: f (in a)\n${snapshot(1, 2, 0, 'empty')}`],
    ['time-falls', snapshot(0, 9, 0, 'empty') + snapshot(1, 8, 0, 'empty')],
    ['unknown-line', `${snapshot(0, 9, 0, 'empty')}mem=8\n`],
    ['snapshot-incomplete', `snapshot=0\ntime=1\n${snapshot(1, 2, 0, 'empty')}`],
  ])('%s is counted, and refused in strict mode', async (code, body) => {
    const profile = await read(HEAD + body)
    expect(noteCodes(profile).join()).toContain(`${code} x1`)
    expect(profile.origin.partial).toBe(false)
    await expect(read(HEAD + body, 'strict')).rejects.toMatchObject({ code: 'format-malformed' })
  })

  test('a tree that is cut keeps the totals, the file is partial', async () => {
    const text = `${HEAD}${snapshot(0, 1, 30, 'detailed')}n2: 30 (x) y\n n0: 29 0x1: f (in a)\n`
    const profile = await read(text)
    expect([noteCodes(profile), profile.origin.partial, profile.series!.moments.length, profile.series!.cells.length]).toEqual([['tree-damaged x1 @13'], true, 1, 0])
    await expect(read(text, 'strict')).rejects.toMatchObject({ code: 'format-truncated' })
  })

  test('can be cancelled', async () => {
    const source = new MemorySource(new TextEncoder().encode(HEAD + snapshot(0, 1, 0, 'empty')))
    await expect(parseMassif(source, { mode: 'compatible' }, cancelledAfter(0))).rejects.toMatchObject({ code: 'cancelled' })
  })
})

const files = realFiles('massif')

describe.skipIf(files.length === 0)('recorded files', () => {
  test.each(files)('%s: every figure of the file is there, and each tree sums to its snapshot', async (file) => {
    const profile = await openRealProfile('massif', file, 'massif')
    const { moments, totals, measures } = profile.series!
    const heap = findMeasure(totals, 'heap-bytes')!
    for (let row = 0; row < moments.length; row++) {
      if (moments.detail.at(row) === MomentDetail.Totals) continue
      const sum = valuesAtMoment(profile.series!, measures[0]!, row, profile.sites.names.length).reduce((all, bytes) => all + bytes, 0)
      expect(sum, `snapshot ${row}`).toBe(heap.values.at(row))
    }
    expect(profile.origin.notes).toEqual([])
    if (!file.endsWith('.bz2')) {
      // Counted by patterns over the whole text, independently of the reader.
      const text = Buffer.from(realBytes('massif', file)).toString('latin1')
      const stated = [...text.matchAll(/^mem_heap_B=(\d+)/gm)].map((match) => Number(match[1]))
      expect(Array.from(heap.values.slice())).toEqual(stated)
      expect(measureTotal(findMeasure(totals, 'heap-extra-bytes')!)).toBe([...text.matchAll(/^mem_heap_extra_B=(\d+)/gm)].reduce((all, match) => all + Number(match[1]), 0))
      const peak = /heap_tree=peak\r?\nn\d+: (\d+)/.exec(text)
      if (peak !== null) expect(totalOf(profile, 'peak-bytes')).toBe(Number(peak[1]))
      expect(peakMoment(profile.series!) >= 0).toBe(peak !== null)
    }
  })
})
