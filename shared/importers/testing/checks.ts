import { describe, expect, test } from 'vitest'
import { MemorySource } from '../../base/byte-source'
import { HeapscapeError } from '../../base/errors'
import { quietJob } from '../../base/job-context'
import { mulberry32 } from '../../base/random'
import { checkProfile } from '../../model/check-profile'
import { checkSnapshot, checkTrace } from '../../model/integrity'
import type { AnyDocument } from '../../model/run'
import { importSource } from '../import-source'
import type { Importer } from '../importer'
import { goldenTextOf } from './golden-text'
import { type Sample, samplesOf } from './samples'

const GOLDEN_LIMIT_BYTES = 50 * 1024
const MODES = [{ mode: 'compatible' }, { mode: 'strict' }] as const

const LINE_FEED = 10
const CARRIAGE_RETURN = 13

/** What every importer must prove over its own samples; see docs/adding-an-importer.md. */
export function checkImporter(importer: Importer): void {
  const samples = samplesOf(importer.id)
  describe(importer.id, () => {
    test('brings samples', () => expect(samples.length).toBeGreaterThan(0))

    test.each(samples)('$file: found by content alone, sound, as in its golden text', async (sample) => {
      const document = await open(sample.bytes)
      expect(document.origin.format).toBe(importer.id)
      expect(violationsOf(document)).toEqual([])
      const text = goldenTextOf(document)
      expect(text.length).toBeLessThan(GOLDEN_LIMIT_BYTES)
      await expect(text).toMatchFileSnapshot(sample.goldenPath)
    })

    test.each(samples.filter(({ bytes }) => isText(bytes)))('$file: reads the same with a byte order mark, in UTF-16 and with other line ends', async ({ bytes }) => {
      const text = new TextDecoder().decode(bytes)
      // Places in bytes are those of the copy.
      const textOf = async (copy: Uint8Array): Promise<string> => goldenTextOf(await open(copy)).replaceAll(/first at byte \d+/g, '')
      const plain = await textOf(bytes)
      const marked = Buffer.from(`\uFEFF${text}`)
      const utf16 = Buffer.from(`\uFEFF${text}`, 'utf16le')
      const crlf = Buffer.from(text.replaceAll(/\r?\n/g, '\r\n'))
      for (const copy of [marked, utf16, crlf]) expect(await textOf(copy)).toBe(plain)
    })

    test.each(samples)('$file: cut at each quarter it gives a coded error or a partial document', async ({ bytes }) => {
      for (const quarter of [1, 2, 3]) {
        const document = await openOrCode(bytes.subarray(0, cutInsideLine(bytes, quarter)), 0)
        if (typeof document !== 'string') expect(document.origin.partial).toBe(true)
      }
    })
  })
}

/** Cuts every sample at `points` places: each must give a sound document or a coded error other than `internal`. */
export async function truncateImporter(importer: Importer, points: number): Promise<void> {
  for (const { file, bytes } of samplesOf(importer.id)) {
    for (let point = 0; point < points; point++) {
      const cut = Math.floor((bytes.length * point) / points)
      for (const mode of [0, 1]) {
        const document = await openOrCode(bytes.subarray(0, cut), mode)
        const violations = typeof document === 'string' ? [] : violationsOf(document)
        if (violations.length > 0) expect.fail(`${file} cut at ${cut}: ${violations.join('; ')}`)
      }
    }
  }
}

/**
 * Opens `rounds` damaged copies of the importer's samples, drawn with `seed`: bytes changed, runs taken out or doubled,
 * ends cut. Each must give a sound document or a coded error other than `internal`.
 */
export async function fuzzImporter(importer: Importer, rounds: number, seed: number): Promise<void> {
  const samples = samplesOf(importer.id)
  const random = mulberry32(seed)
  for (let round = 0; round < rounds; round++) {
    const damaged = damage(samples[round % samples.length]!, random)
    const document = await openOrCode(damaged, round & 1)
    const violations = typeof document === 'string' ? [] : violationsOf(document)
    if (violations.length > 0) expect.fail(`seed ${seed}, round ${round}: ${violations.join('; ')}`)
  }
}

const open = (bytes: Uint8Array, mode = 0): Promise<AnyDocument> =>
  importSource(new MemorySource(bytes, 'unknown'), MODES[mode]!, quietJob)

/** The document, or the code of the error; anything else thrown fails the test. */
async function openOrCode(bytes: Uint8Array, mode: number): Promise<AnyDocument | string> {
  try {
    return await open(bytes, mode)
  } catch (error) {
    if (error instanceof HeapscapeError && error.code !== 'internal') return error.code
    throw error
  }
}

function violationsOf(document: AnyDocument): string[] {
  if (document.kind === 'trace') return checkTrace(document)
  if (document.kind === 'profile') return checkProfile(document)
  return document.kind === 'snapshot' ? checkSnapshot(document) : []
}

/** UTF-8 without control characters but tabs and line ends. */
function isText(bytes: Uint8Array): boolean {
  if (bytes.some((byte) => byte < 32 && byte !== 9 && byte !== LINE_FEED && byte !== CARRIAGE_RETURN)) return false
  return Buffer.from(new TextDecoder().decode(bytes)).equals(bytes)
}

/** A text cut exactly between two lines is a shorter text, not a damaged one. */
function cutInsideLine(bytes: Uint8Array, quarter: number): number {
  const cut = Math.floor((bytes.length * quarter) / 4)
  return bytes[cut - 1] === LINE_FEED ? cut - 1 : cut
}

function damage({ bytes }: Sample, random: () => number): Uint8Array {
  const below = (limit: number): number => Math.floor(random() * limit)
  let damaged = Buffer.from(bytes)
  for (let times = 1 + below(4); times > 0; times--) {
    const at = below(damaged.length)
    const run = 1 + below(16)
    const kind = below(5)
    if (kind === 0) damaged[at] = below(256)
    else if (kind === 1) damaged[at] = damaged[below(damaged.length)]!
    else if (kind === 2) damaged = Buffer.concat([damaged.subarray(0, at), damaged.subarray(at + run)])
    else if (kind === 3) damaged = Buffer.concat([damaged.subarray(0, at + run), damaged.subarray(at)])
    else damaged = Buffer.from(damaged.subarray(0, at))
    if (damaged.length === 0) return damaged
  }
  return damaged
}
