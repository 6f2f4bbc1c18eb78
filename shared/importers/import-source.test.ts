import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { MemorySource } from '../base/byte-source'
import { cancelledAfter, quietJob } from '../base/job-context'
import type { AnyDocument } from '../model/run'
import { importSource } from './import-source'
import type { ImportOptions } from './importer'

const COMPATIBLE: ImportOptions = { mode: 'compatible' }
const TRACE = Buffer.from(`0\n50000\n50000\n0\n${Array.from({ length: 50_000 }, (_, id) => `a ${id} ${(id * 7919) % 5000}\n`).join('')}`)

const open = (bytes: Uint8Array, options = COMPATIBLE): Promise<AnyDocument> => importSource(new MemorySource(bytes, 'course.rep.gz'), options, quietJob)
const codesOf = (document: AnyDocument): string[] => document.origin.notes.map((note) => note.code)

test('a packed trace opens as the plain one does, under its own name and with a hash', async () => {
  const plain = await open(TRACE)
  const packed = await open(gzipSync(gzipSync(TRACE)))
  expect(packed).toEqual(plain)
  expect(packed).toMatchObject({ kind: 'trace', events: 50_000, origin: { file: 'course.rep.gz', format: 'malloclab', partial: false } })
  expect(packed.kind === 'trace' && packed.hash).toMatch(/^[0-9a-f]{32}$/)
})

describe('damaged packing', () => {
  const cut = gzipSync(TRACE).subarray(0, 60_000)

  test('opens as far as it goes and says so', async () => {
    const document = await open(cut)
    expect(document.origin.partial).toBe(true)
    expect(codesOf(document)).toContain('compression-damaged')
    expect(document.kind === 'trace' && document.events).toBeGreaterThan(1000)
  })

  test('strict refuses it', async () => {
    await expect(open(cut, { mode: 'strict' })).rejects.toMatchObject({ code: 'compression-failed', facts: { method: 'gzip' } })
  })

  test('when too little is left to read, the packing is named and not what came of it', async () => {
    const short = gzipSync(Buffer.from('0\n50000\n5'), { level: 0 })
    await expect(open(short.subarray(0, -6))).rejects.toMatchObject({ code: 'compression-failed', facts: { method: 'gzip' } })
  })
})

test('unknown content is named by its first bytes', async () => {
  await expect(open(Buffer.from('PK\x03\x04abc'))).rejects.toMatchObject({ code: 'format-unknown', facts: { head: '50 4b 03 04 61 62 63 "PK..abc"' } })
  await expect(open(Buffer.alloc(0))).rejects.toMatchObject({ code: 'format-unknown', facts: { head: 'none, the file is empty' } })
})

test('can be cancelled at every stage', async () => {
  const packed = gzipSync(TRACE)
  let outcome = ''
  let checkpoints = 0
  for (; outcome !== 'done'; checkpoints++) {
    outcome = await importSource(new MemorySource(packed), COMPATIBLE, cancelledAfter(checkpoints)).then(
      () => 'done',
      (error: { code?: string }) => String(error.code),
    )
    expect(['cancelled', 'done']).toContain(outcome)
  }
  // Unpacking, reading and hashing each give the owner a turn at least once.
  expect(checkpoints).toBeGreaterThan(3)
})
