import { gzipSync } from 'node:zlib'
import { zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { MemorySource } from '../base/byte-source'
import { cancelledAfter, quietJob } from '../base/job-context'
import type { AnyDocument } from '../model/run'
import type { HeapscapeError } from '../base/errors'
import { importSource } from './import-source'
import type { ImportOptions } from './importer'
import { IMPORTERS } from './registry'

const COMPATIBLE: ImportOptions = { mode: 'compatible' }
const TRACE = Buffer.from(`0\n50000\n50000\n0\n${Array.from({ length: 50_000 }, (_, id) => `a ${id} ${(id * 7919) % 5000}\n`).join('')}`)

const open = (bytes: Uint8Array, options = COMPATIBLE): Promise<AnyDocument> => importSource(new MemorySource(bytes, 'course.rep.gz'), options, quietJob)
/** What tells two traces apart; comparing 50,000 rows one by one would take seconds. */
const identityOf = (document: AnyDocument): unknown => ({ origin: document.origin, hash: document.kind === 'trace' && document.hash, events: document.kind === 'trace' && document.events })
const codesOf = (document: AnyDocument): string[] => document.origin.notes.map((note) => note.code)

test('a packed trace opens as the plain one does, under its own name and with a hash', async () => {
  const plain = await open(TRACE)
  const packed = await open(gzipSync(gzipSync(TRACE)))
  expect(identityOf(packed)).toEqual(identityOf(plain))
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

describe('content nobody reads', () => {
  test('is named by its first bytes, with all that was tried', async () => {
    await expect(open(Buffer.from('\x01\x02abc'))).rejects.toMatchObject({ code: 'format-unknown', facts: { head: '01 02 61 62 63 "..abc"' } })
    await expect(open(Buffer.alloc(0))).rejects.toMatchObject({ code: 'format-unknown', facts: { head: 'none, the file is empty' } })
    const { facts } = await open(Buffer.from('hello\n')).catch((error: HeapscapeError) => error) as HeapscapeError
    const tried = String(facts['tried']).split('\n')
    expect(tried).toHaveLength(IMPORTERS.length)
    for (const { id } of IMPORTERS) expect(tried.some((line) => line.startsWith(`${id}: found no `))).toBe(true)
  })

  test.each([
    ['{"snapshot":{"meta":{"node_fields":["type"]},"node_count":1},"nodes":[]}', 'Memory panel'],
    ['{"head":{"callFrame":{"functionName":"(root)"}}}', 'Memory panel'],
    ['JAVA PROFILE 1.0.2\0', 'Eclipse'],
    ['Nettrace\x14', 'PerfView'],
  ])('%j of another trade is answered with the tool that opens it', async (text, tool) => {
    for (const content of [Buffer.from(text, 'latin1'), gzipSync(Buffer.from(text, 'latin1'))]) {
      await expect(open(content)).rejects.toMatchObject({ code: 'format-foreign', facts: { opensIn: expect.stringContaining(tool) as string } })
    }
  })
})

describe('encodings', () => {
  const text = TRACE.toString('latin1').slice(0, 20_000).replace(/[^\n]*$/, '')
  const plain = Buffer.from(text)
  const swapped = Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()

  test.each([
    ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${text}`)],
    ['UTF-16 LE', Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['UTF-16 BE', swapped],
    ['UTF-16 LE, packed', gzipSync(Buffer.from(`\uFEFF${text}`, 'utf16le'))],
  ])('%s reads as plain UTF-8', async (_, bytes) => {
    expect(identityOf(await open(bytes))).toEqual(identityOf(await open(plain)))
  })
})

describe('archives', () => {
  const rep = TRACE
  const log = Buffer.from('= Start\n@ a:[0x1] + 0x10 0x8\n= End\n')

  test('of one file open as the file does', async () => {
    const whole = identityOf(await open(rep))
    expect(identityOf(await open(zipSync({ 'deep/course.rep': rep })))).toEqual(whole)
    expect(identityOf(await open(zipSync({ 'course.rep': [rep, { level: 0 }] })))).toEqual(whole)
    expect(identityOf(await open(zipSync({ 'folder/': new Uint8Array(0), 'folder/course.rep.gz': gzipSync(rep) })))).toEqual(whole)
  })

  test('open the only file of a known format, and say so', async () => {
    const document = await open(zipSync({ 'readme.txt': Buffer.from('hello\n'), 'a/course.rep': rep, 'photo.png': Buffer.from('\x89PNG') }))
    expect(document).toMatchObject({ kind: 'trace', events: 50_000, origin: { notes: expect.arrayContaining([expect.objectContaining({ code: 'archive-member', text: expect.stringContaining('a/course.rep') as string })]) as unknown } })
  })

  test('of several such files ask for one', async () => {
    const archive = zipSync({ 'course.rep': rep, 'app.mtrace': log })
    await expect(open(archive)).rejects.toMatchObject({ code: 'archive-ambiguous', facts: { count: 2, members: 'course.rep, app.mtrace' } })
    expect((await open(archive, { mode: 'strict', member: 'app.mtrace' })).origin.format).toBe('mtrace')
    await expect(open(archive, { mode: 'strict', member: 'app' })).rejects.toMatchObject({ code: 'member-unknown' })
    await expect(open(zipSync({ 'a.txt': rep.subarray(0, 2), 'b.txt': log.subarray(0, 2) }))).rejects.toMatchObject({ code: 'member-unknown' })
  })

  test('cut or damaged ones open as far as they go or are refused by name', async () => {
    const archive = Buffer.from(zipSync({ 'course.rep': rep }))
    await expect(open(archive.subarray(0, -30))).rejects.toMatchObject({ code: 'compression-failed', facts: { method: 'zip' } })
    await expect(open(Buffer.from('PK\x03\x04abc'))).rejects.toMatchObject({ code: 'compression-failed' })
    const wrong = Buffer.from(archive)
    wrong[wrong.length >> 1]! ^= 0x55
    const document = await open(wrong)
    expect([document.origin.partial, codesOf(document).includes('compression-damaged')]).toEqual([true, true])
    const encrypted = Buffer.from(archive)
    encrypted[encrypted.lastIndexOf('PK\x01\x02') + 8]! |= 1
    await expect(open(encrypted)).rejects.toMatchObject({ code: 'compression-failed', facts: { detail: 'it is encrypted.' } })
  })
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
