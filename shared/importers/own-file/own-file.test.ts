import { beforeAll, describe, expect, it } from 'vitest'
import { MemorySource } from '../../base/byte-source'
import { quietJob } from '../../base/job-context'
import { ZipWriter } from '../../file/container/zip-writer'
import { initParquetForTests, MemorySink, plain } from '../../file/testing/documents'
import { smallRun } from '../../file/testing/small-documents'
import { writeOwnFile } from '../../file/write-own-file'
import { ownFileImporter } from './index'

beforeAll(initParquetForTests)

async function sample(): Promise<Uint8Array> {
  const sink = new MemorySink()
  await writeOwnFile(smallRun(), sink, quietJob)
  return sink.bytes()
}

describe('own-file importer', () => {
  it('knows its files by their content, however little of it there is to see', async () => {
    const bytes = await sample()
    expect(ownFileImporter.sniff(bytes.subarray(0, 4096))).toBe(true)
    expect(ownFileImporter.sniff(bytes.subarray(0, 100))).toBe(true)
    for (let length = 0; length < 60; length++) expect(ownFileImporter.sniff(bytes.subarray(0, length))).toBe(false)
  })

  it('does not take other ZIP files for its own', () => {
    const sink = new MemorySink()
    const zip = new ZipWriter(sink)
    zip.add('meta.json', [new TextEncoder().encode('{"format":"other"}')])
    zip.finish()
    expect(ownFileImporter.sniff(sink.bytes())).toBe(false)
    expect(ownFileImporter.sniff(new TextEncoder().encode('= Start\n'))).toBe(false)
  })

  it('reads a document of any kind', async () => {
    const back = await ownFileImporter.read(new MemorySource(await sample()), { mode: 'strict' }, quietJob)
    expect(plain(back)).toEqual(plain(smallRun()))
  })
})
