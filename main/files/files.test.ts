import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HeapscapeError } from '../../shared/base/errors'
import { writeFileAtomically } from './atomic-write'
import { FileSource } from './file-source'
import { findParquetWasm } from './parquet-wasm'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'heapscape-files-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

function thrownBy(work: () => unknown): unknown {
  try {
    return work()
  } catch (error) {
    return error
  }
}

describe('FileSource', () => {
  it('reads any range, shorter only at the end', () => {
    const path = join(folder, 'größe.bin')
    writeFileSync(path, 'abcdefgh')
    const source = new FileSource(path)
    expect([source.name, source.size]).toEqual(['größe.bin', 8])
    expect(Buffer.from(source.read(2, 3)).toString()).toBe('cde')
    expect(Buffer.from(source.read(6, 100)).toString()).toBe('gh')
    expect(source.read(100, 5)).toHaveLength(0)
    source.close()
    source.close()
  })

  it('takes another name for messages', () => {
    const path = join(folder, 'a')
    writeFileSync(path, '')
    const source = new FileSource(path, 'trace.rep')
    expect(source.name).toBe('trace.rep')
    source.close()
  })

  it('says why a file cannot be opened', () => {
    expect(thrownBy(() => new FileSource(join(folder, 'none')))).toMatchObject({ code: 'file-unreadable', facts: { error: 'ENOENT' }, where: { file: 'none' } })
    expect(thrownBy(() => new FileSource(folder))).toMatchObject({ code: 'file-unreadable', facts: { error: 'EISDIR' } })
  })

  it('says so when the file shrinks while it is open', () => {
    const path = join(folder, 'a')
    writeFileSync(path, 'abcdefgh')
    const source = new FileSource(path)
    truncateSync(path, 4)
    expect(Buffer.from(source.read(0, 4)).toString()).toBe('abcd')
    expect(thrownBy(() => source.read(2, 6))).toMatchObject({ code: 'file-unreadable', where: { offset: 4 } })
    source.close()
  })
})

describe('writeFileAtomically', () => {
  it('puts the whole new content in place of the old one', async () => {
    const path = join(folder, 'a.heapscape')
    writeFileSync(path, 'old')
    await writeFileAtomically(path, (sink) => {
      sink.write(bytes('new '))
      expect(readFileSync(path, 'utf8')).toBe('old')
      sink.write(bytes('content'))
    })
    expect(readFileSync(path, 'utf8')).toBe('new content')
    expect(readdirSync(folder)).toEqual(['a.heapscape'])
  })

  it('leaves the old file and no temporary one when the writer fails', async () => {
    const path = join(folder, 'a.heapscape')
    writeFileSync(path, 'old')
    const writing = writeFileAtomically(path, async (sink) => {
      sink.write(bytes('half'))
      await Promise.resolve()
      throw new HeapscapeError('cancelled')
    })
    await expect(writing).rejects.toMatchObject({ code: 'cancelled' })
    expect(readFileSync(path, 'utf8')).toBe('old')
    expect(readdirSync(folder)).toEqual(['a.heapscape'])
  })

  it('refuses a folder, a missing folder and a file used as a folder', async () => {
    mkdirSync(join(folder, 'sub'))
    writeFileSync(join(folder, 'file'), '')
    let called = 0
    const produce = (): void => void called++
    await expect(writeFileAtomically(join(folder, 'sub'), produce)).rejects.toMatchObject({ code: 'file-unwritable', facts: { error: 'EISDIR' } })
    await expect(writeFileAtomically(join(folder, 'none', 'a'), produce)).rejects.toMatchObject({ code: 'file-unwritable', facts: { error: 'ENOENT' } })
    await expect(writeFileAtomically(join(folder, 'file', 'a'), produce)).rejects.toMatchObject({ code: 'file-unwritable', facts: { error: 'ENOTDIR' } })
    expect(called).toBe(0)
    expect(readdirSync(folder).sort()).toEqual(['file', 'sub'])
  })

  it('leaves nothing behind when the final rename fails', async () => {
    const path = join(folder, 'a')
    // A folder appears at the name while the file is being written.
    const writing = writeFileAtomically(path, (sink) => {
      sink.write(bytes('x'))
      mkdirSync(path)
    })
    await expect(writing).rejects.toMatchObject({ code: 'file-unwritable' })
    expect(readdirSync(folder)).toEqual(['a'])
  })
})

describe('findParquetWasm', () => {
  it('finds a WebAssembly module', () => {
    expect([...readFileSync(findParquetWasm()).subarray(0, 4)]).toEqual([0, 0x61, 0x73, 0x6d])
  })
})
