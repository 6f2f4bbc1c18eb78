import { beforeAll, describe, expect, it } from 'vitest'
import { MemorySource } from '../../base/byte-source'
import { Column } from '../../base/column'
import { quietJob } from '../../base/job-context'
import type { Trace } from '../../model/trace'
import type { JsonObject, JsonValue } from '../json-check'
import { FORMAT_VERSION } from '../meta'
import { readOwnFile } from '../read-own-file'
import { initParquetForTests, longTrace, MemorySink, plain } from '../testing/documents'
import { writeOwnFile } from '../write-own-file'
import { UPGRADE_STEPS } from './steps'
import type { UpgradeStep } from './upgrade'

beforeAll(initParquetForTests)

/** Invented history: version 2 counted sizes in bytes where version 1 had words of 8. */
const wordsToBytes: UpgradeStep = {
  from: 1,
  upgrade: (file) => ({
    meta: file.meta,
    async readColumn(table, column, job) {
      const read = await file.readColumn(table, column, job)
      if (column !== 'size' || !(read.values instanceof Column)) return read
      return { ...read, values: Column.of('u32', Array.from(read.values.slice(), (words) => words * 8)) }
    },
  }),
}

/** Invented history: version 3 dropped the time column. */
const withoutTime: UpgradeStep = {
  from: 2,
  upgrade: (file) => ({
    meta: { ...file.meta, tables: (file.meta['tables'] as JsonObject[]).map(dropTime) },
    readColumn: (table, column, job) => file.readColumn(table, column, job),
  }),
}

function dropTime(table: JsonObject): JsonObject {
  const columns = table['columns'] as readonly JsonObject[]
  return { ...table, columns: columns.filter((column) => column['name'] !== 'time') as JsonValue }
}

async function sample(): Promise<{ readonly trace: Trace; readonly source: MemorySource }> {
  const trace = longTrace(100)
  const sink = new MemorySink()
  await writeOwnFile(trace, sink, quietJob)
  return { trace, source: new MemorySource(sink.bytes()) }
}

describe('upgrading', () => {
  it('has a step from every older version to the next', () => {
    expect(UPGRADE_STEPS.map((step) => step.from)).toEqual(Array.from({ length: FORMAT_VERSION - 1 }, (_, i) => i + 1))
  })

  it('applies the steps one after the other, on meta.json and on columns', async () => {
    const { trace, source } = await sample()
    const options = { version: 3, steps: [withoutTime, wordsToBytes] }
    const back = (await readOwnFile(source, quietJob, options)) as Trace
    expect(Array.from(back.size.slice())).toEqual(Array.from(trace.size.slice(), (words) => words * 8))
    expect(back.time).toBeUndefined()
    expect(plain(back.address)).toEqual(plain(trace.address))
  })

  it('takes a missing step for a bug', async () => {
    const { source } = await sample()
    await expect(readOwnFile(source, quietJob, { version: 3, steps: [wordsToBytes] })).rejects.toThrow('no upgrade step from version 2')
  })

  it('refuses what a newer program wrote', async () => {
    const { source } = await sample()
    await expect(readOwnFile(source, quietJob, { version: 0, steps: [] })).rejects.toMatchObject({ code: 'format-too-new', facts: { expected: 0, got: 1 } })
  })
})
