import { describe, expect, test } from 'vitest'
import { cancelledAfter, quietJob } from '../base/job-context'
import { mulberry32 } from '../base/random'
import { STILL_ALIVE, UNKNOWN_SIZE } from '../base/units'
import { checkRun } from './check-run'
import { checkSnapshot } from './integrity'
import { recordedRun } from './recorded-run'
import type { Run } from './run'
import { snapshotAt } from './snapshot-at'
import { type Trace, TraceBuilder } from './trace'

const ORIGIN = { file: 'app.log', format: 'mtrace', partial: false, notes: [] }

/** `a 1000 24`, `r 0 1040 8` (object, where to, size), `f 0 1000`, `o 1000`; addresses hexadecimal. */
function traceOf(...lines: string[]): Trace {
  const builder = new TraceBuilder(ORIGIN, { address: true })
  for (const line of lines) {
    const [op, ...words] = line.split(' ')
    if (op === 'a') builder.alloc(Number(words[1]))
    else if (op === 'r') builder.realloc(Number(words[0]), Number(words[2]))
    else if (op === 'f') builder.free(Number(words[0]))
    else builder.orphanFree()
    builder.trace.address!.push(parseInt(words[op === 'a' || op === 'o' ? 0 : 1]!, 16))
  }
  return builder.finish(ORIGIN)
}

async function run(...lines: string[]): Promise<Run> {
  const recorded = await recordedRun(traceOf(...lines), quietJob)
  expect(checkRun(recorded)).toEqual([])
  for (let event = 0; event <= recorded.events; event++) expect(checkSnapshot(snapshotAt(recorded, event))).toEqual([])
  return recorded
}

/** `1000+32 (24) 1..3` per row. */
function rowsOf({ lifetimes: { address, size, requested, birth, death, length } }: Run): string[] {
  const requests = (row: number): string => (requested.at(row) === UNKNOWN_SIZE ? '?' : String(requested.at(row)))
  return Array.from({ length }, (_, row) => `${address.at(row).toString(16)}+${size.at(row)} (${requests(row)}) ${birth.at(row)}..${death.at(row) === STILL_ALIVE ? '' : death.at(row)}`)
}

const codesOf = (recorded: Run): string[] => recorded.origin.notes.map(({ code, count }) => `${code} x${count}`)

describe('a trace with addresses as a run', () => {
  test('has each block where the program had it, rounded up to the alignment all addresses share', async () => {
    const recorded = await run('a 10000 24', 'a 10020 0', 'r 0 10040 33', 'f 1 10020', 'a 10010 8')
    expect(rowsOf(recorded)).toEqual(['10000+32 (24) 1..3', '10020+16 (0) 2..4', '10040+48 (33) 3..', '10010+16 (8) 5..'])
    expect(recorded.request).toMatchObject({ heap: 'recorded', parameters: { alignment: 16 } })
    expect(rowsOf(await run('a 10004 5', 'a 1000c 4'))).toEqual(['10004+8 (5) 1..', '1000c+4 (4) 2..'])
    expect(recorded.origin.lacking).toEqual(['consumed-sizes', 'page-states'])
  })

  test('counts pages from the first block they held; segments are neighbourhoods', async () => {
    const { pages } = await run('a 10ff0 64', 'a 10010 16', 'f 0 10ff0', 'a 7f0000000010 5000')
    const changes = Array.from({ length: pages.length }, (_, row) => [pages.event.at(row), pages.base.at(row).toString(16), pages.size.at(row), pages.state.at(row)])
    expect(changes).toEqual([
      [0, '10000', 8192, 1],
      [0, '7f0000000000', 8192, 1],
      [1, '10000', 8192, 2],
      [4, '7f0000000000', 8192, 2],
    ])
  })

  test('has ghosts from the start until their free, once each', async () => {
    const recorded = await run('a 10000 16', 'o 10020', 'o 10020', 'a 10020 16', 'o 10060')
    expect(rowsOf(recorded)).toEqual(['10020+16 (?) 0..2', '10060+16 (?) 0..5', '10000+16 (16) 1..', '10020+16 (16) 4..'])
    expect(codesOf(recorded)).toEqual(['consumed-estimated x1', 'ghost-block x2'])
  })

  test('ends a block that a later one overlaps, and counts it', async () => {
    const recorded = await run('a 10000 16', 'a 10020 16', 'a 10010 64', 'f 0 10000', 'f 1 10020')
    expect(rowsOf(recorded)).toEqual(['10000+16 (16) 1..4', '10020+16 (16) 2..3', '10010+64 (64) 3..'])
    expect(codesOf(recorded)).toContain('overlap x1')
    expect(rowsOf(await run('a 10000 64', 'a 10020 16'))).toEqual(['10000+64 (64) 1..2', '10020+16 (16) 2..'])
  })

  test('leaves out what no address space holds', async () => {
    const recorded = await run('a 10000 16', `a 10100 ${2 ** 48}`, 'f 1 10100')
    expect(recorded.lifetimes.death.at(1)).toBe(2)
    expect(codesOf(recorded)).toContain('impossible-block x1')
  })

  test('needs addresses, and can be cancelled', async () => {
    await expect(recordedRun(new TraceBuilder(ORIGIN).finish(ORIGIN), quietJob)).rejects.toMatchObject({ code: 'document-wrong-kind' })
    await expect(recordedRun(traceOf('a 10000 1'), cancelledAfter(0))).rejects.toMatchObject({ code: 'cancelled' })
  })

  test('stays sound whatever the addresses are', async () => {
    const random = mulberry32(5)
    const below = (limit: number): number => Math.floor(random() * limit)
    for (let round = 0; round < 60; round++) {
      const builder = new TraceBuilder(ORIGIN, { address: true })
      const living: number[] = []
      const { address } = builder.trace
      for (let i = 0; i < 60; i++) {
        const at = 0x1000 + below(64) * (round % 3 === 0 ? 1 : 8) * 16
        const pick = below(10)
        if (pick < 5) living.push(builder.alloc(below(200)))
        else if (pick < 7 && living.length > 0) builder.realloc(living[below(living.length)]!, below(300))
        else if (pick < 9 && living.length > 0) builder.free(living.splice(below(living.length), 1)[0]!)
        else builder.orphanFree()
        address!.push(at)
      }
      const recorded = await recordedRun(builder.finish(ORIGIN), quietJob)
      expect(checkRun(recorded)).toEqual([])
      for (const event of [0, 30, 60]) expect(checkSnapshot(snapshotAt(recorded, event))).toEqual([])
    }
  })
})
