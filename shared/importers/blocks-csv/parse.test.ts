import { describe, expect, test } from 'vitest'
import { computeSnapshotMetrics } from '../../analysis/metrics/snapshot-metrics'
import { MemorySource } from '../../base/byte-source'
import { cancelledAfter, quietJob } from '../../base/job-context'
import { checkSnapshot } from '../../model/integrity'
import type { Snapshot } from '../../model/snapshot'
import { looksLikeCsvBlocks, parseCsvBlocks } from './parse'

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
const read = async (text: string, mode: 'compatible' | 'strict' = 'strict'): Promise<Snapshot> => {
  const snapshot = await parseCsvBlocks(new MemorySource(bytesOf(text), 'x.csv'), { mode }, quietJob)
  expect(checkSnapshot(snapshot)).toEqual([])
  return snapshot
}
const firstOf = ({ blocks }: Snapshot): string => `${blocks.address.at(0).toString(16)}+${blocks.size.at(0)} ${blocks.requested.at(0)}`

describe('columns', () => {
  test.each([
    ['address,size', '0x10,16', '10+16 4294967295'],
    ['Block Address;Block-Size;User Size', '4096;32;20', '1000+32 20'],
    ['PTR\tlength', '0X1F\t0x20', '1f+32 4294967295'],
    ['start,end', '0x1000,0x1040', '1000+64 4294967295'],
    ['ptr hex,bytes', '1f00,64', '1f00+64 4294967295'],
    ['address,requested,other', "0`00001000,24,x", '1000+24 24'],
  ])('%s', async (header, row, expected) => expect(firstOf(await read(`${header}\n${row}\n`))).toBe(expected))

  test('others are no list of blocks', () => {
    const heads = ['op,at,size\n', 'time,rss\n', 'address,name\n', 'address,addr,size\n', 'address,size', 'address size\n']
    expect(heads.map((head) => looksLikeCsvBlocks(bytesOf(head)))).toEqual([false, false, false, false, false, false])
    expect(looksLikeCsvBlocks(bytesOf('# made by us\n\naddress,size\r\n'))).toBe(true)
  })
})

describe('how much a list is', () => {
  const rows = 'address,size,requested,state\n0x1000,64,60,busy\n0x1040,64,,free\n'
  test('tiled with free blocks: all, with every metric', async () => {
    const snapshot = await read(rows)
    expect([snapshot.coverage, computeSnapshotMetrics(snapshot)]).toMatchObject(['all', { M1_liveBytes: 60, M2_footprintBytes: 128, M5_freeShare: 0.5 }])
  })

  test('with a gap: busy, and no figure of what is free', async () => {
    const snapshot = await read(`${rows}0x1100,16,16,busy\n`)
    expect([snapshot.coverage, computeSnapshotMetrics(snapshot)]).toMatchObject(['busy', { M1_liveBytes: 76, M1_liveBlocks: 2, M2_footprintBytes: null, M5_freeShare: null }])
  })

  test('as the file states it, but never all over a gap', async () => {
    expect((await read(`# coverage: some\n${rows}`)).coverage).toBe('some')
    expect((await read(`# coverage = all\n${rows}0x1100,16,16,busy\n`)).coverage).toBe('busy')
  })
})

describe('errors', () => {
  test.each([
    ['0x10,1f', 'line 2, column 2 (size) should be a whole number, decimal or 0x hexadecimal, and is "1f"', 2],
    ['ab,16', 'line 2, column 1 (address) should be a whole number, decimal or 0x hexadecimal, and is "ab"', 1],
    ['0x10,16,odd', 'line 2, column 3 (state) should be one of', 3],
    ['0x10,-5', 'line 2, column 2 (size) should be a whole number', 2],
    ['"0x10,16', 'line 2, a quote is not closed', 3],
    ['0x1fffffffffffff,16', 'line 2, column 2 (size) should be a size above 0', 2],
  ])('%s', async (row, text, column) => {
    await expect(read(`address,size,state\n${row}\n`)).rejects.toMatchObject({ code: 'format-malformed', where: { line: 2 }, facts: { got: expect.stringContaining(text) as string, column } })
    // The usual reader goes on where other rows make sense, and has the same words in its note.
    const { origin } = await read(`address,size,state\n${row}\n0x9000,8,busy\n`, 'compatible')
    expect(origin.notes[0]).toMatchObject({ code: 'unreadable-row', count: 1, firstLine: 2, text: expect.stringContaining(text) as string })
  })

  test('nothing but bad rows is an error in both modes', async () => {
    await expect(read('address,size\nx,y\n', 'compatible')).rejects.toMatchObject({ code: 'format-malformed', where: { line: 2 } })
  })

  test('can be cancelled', async () => {
    await expect(parseCsvBlocks(new MemorySource(bytesOf('address,size\n'), 'x'), { mode: 'strict' }, cancelledAfter(0))).rejects.toMatchObject({ code: 'cancelled' })
  })

  test('300 heaps and an empty list are no trouble', async () => {
    const rows = Array.from({ length: 300 }, (_, i) => `${4096 + i * 16},16,h${i}`).join('\n')
    expect((await read(`address,size,heap\n${rows}\n`)).heaps).toHaveLength(300)
    expect((await read('address,size\n')).blocks).toHaveLength(0)
  })
})
