import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MemorySource } from '../../base/byte-source'
import { MemorySink } from '../testing/documents'
import { blockChecksums, CHECK_BLOCK_BYTES, CheckedMember } from './checked-member'
import { crc32 } from './crc32'
import { ZIP64_LOCATOR_BYTES, END_BYTES } from './zip-format'
import { readZipDirectory } from './zip-reader'
import { ZipWriter } from './zip-writer'

const hasPython = ((): boolean => {
  try {
    execFileSync('python3', ['-c', 'import zipfile'])
    return true
  } catch {
    return false
  }
})()

function zipOf(members: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const sink = new MemorySink()
  const zip = new ZipWriter(sink)
  for (const [name, content] of Object.entries(members)) zip.add(name, [content.subarray(0, 3), content.subarray(3)])
  zip.finish()
  return sink.bytes()
}

const contentOf = (bytes: Uint8Array, name: string): string => {
  const member = readZipDirectory(new MemorySource(bytes)).members.get(name)!
  return new TextDecoder().decode(bytes.subarray(member.offset, member.offset + member.size))
}

const text = (value: string): Uint8Array => new TextEncoder().encode(value)

describe('crc32', () => {
  it('agrees with the published check value, and may be taken in parts', () => {
    expect(crc32(text('123456789'))).toBe(0xcbf43926)
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat({ max: 60 }), (bytes, at) => {
        expect(crc32(bytes.subarray(at), crc32(bytes.subarray(0, at)))).toBe(crc32(bytes))
      }),
    )
  })
})

describe('ZIP64 container', () => {
  const bytes = zipOf({ 'a.txt': text('hello'), 'größe.txt': text(''), 'b.txt': text('heaps of bytes') })

  it('finds its members again', () => {
    const { members, complete } = readZipDirectory(new MemorySource(bytes))
    expect([...members.keys()]).toEqual(['a.txt', 'größe.txt', 'b.txt'])
    expect(complete).toBe(true)
    expect(contentOf(bytes, 'b.txt')).toBe('heaps of bytes')
    expect(members.get('a.txt')!.crc).toBe(crc32(text('hello')))
  })

  it('finds them without the directory, and says so', () => {
    const { members, complete } = readZipDirectory(new MemorySource(bytes.subarray(0, bytes.length - END_BYTES - ZIP64_LOCATOR_BYTES)))
    expect([...members.keys()]).toEqual(['a.txt', 'größe.txt', 'b.txt'])
    expect(complete).toBe(false)
  })

  it('reads members that lie beyond 4 GiB', () => {
    // The same file seen through a source that begins with 5 GiB of nothing.
    const shift = 5 * 2 ** 30
    const sink = new MemorySink()
    const zip = new ZipWriter(sink)
    zip.add('first', [text('x')])
    zip.finish()
    const file = sink.bytes()
    const moved = shiftDirectory(file, shift)
    const { members } = readZipDirectory({
      name: 'large',
      size: shift + moved.length,
      close: () => {},
      read: (offset, length) => moved.subarray(Math.max(0, offset - shift), Math.max(0, offset - shift) + Math.min(length, offset + length - shift)),
    })
    expect(members.get('first')).toMatchObject({ offset: shift + 30 + 5 + 20, size: 1 })
  })

  it.skipIf(!hasPython)('is read by Python', () => {
    const folder = mkdtempSync(join(tmpdir(), 'heapscape-zip-'))
    try {
      const path = join(folder, 'a.zip')
      writeFileSync(path, bytes)
      const script = 'import sys,zipfile; z=zipfile.ZipFile(sys.argv[1]); print(z.testzip(), z.namelist()==["a.txt","größe.txt","b.txt"], z.read("b.txt").decode())'
      expect(execFileSync('python3', ['-X', 'utf8', '-c', script, path], { encoding: 'utf8' }).trim()).toBe('None True heaps of bytes')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

/** Adds `shift` to the offsets a one-member file holds: in its directory entry, its zip64 end and the locator. */
function shiftDirectory(file: Uint8Array, shift: number): Uint8Array {
  const moved = file.slice()
  const view = new DataView(moved.buffer)
  const add = (at: number): void => view.setBigUint64(at, view.getBigUint64(at, true) + BigInt(shift), true)
  const end = moved.length - END_BYTES
  add(end - ZIP64_LOCATOR_BYTES + 8)
  add(end - ZIP64_LOCATOR_BYTES - 56 + 48)
  add(end - ZIP64_LOCATOR_BYTES - 56 - 8)
  return moved
}

describe('checked member', () => {
  const content = Uint8Array.from({ length: CHECK_BLOCK_BYTES * 2 + 100 }, (_, i) => (i * 31) & 0xff)
  const sums = blockChecksums([content.subarray(0, 70_000), content.subarray(70_000)])

  it('gives any range', () => {
    const member = new CheckedMember(new MemorySource(content), { name: 't', offset: 0, size: content.length, crc: 0 }, sums, 't')
    fc.assert(
      fc.property(fc.nat({ max: content.length }), fc.nat({ max: content.length }), (a, b) => {
        const [start, end] = a < b ? [a, b] : [b, a]
        expect(Buffer.compare(member.read(start, end), content.subarray(start, end))).toBe(0)
      }),
    )
  })

  it('refuses a range in a damaged block, and only there', () => {
    const damaged = content.slice()
    damaged[CHECK_BLOCK_BYTES + 5]! ^= 4
    const member = new CheckedMember(new MemorySource(damaged), { name: 't', offset: 0, size: content.length, crc: 0 }, sums, 't')
    expect(member.read(0, 10)).toEqual(content.slice(0, 10))
    expect(() => member.read(CHECK_BLOCK_BYTES + 50, CHECK_BLOCK_BYTES + 51)).toThrow('The file is damaged')
  })
})
