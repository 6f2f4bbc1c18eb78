import { describe, expect, test } from 'vitest'
import { noteCodes, openRealProfile, readText, realBytes, realFiles } from '../testing/real-profiles'
import { parseMallocInfo } from './parse'

const read = readText(parseMallocInfo)

test('elements on one line mean what they mean on many', async () => {
  const { statistics } = await read('<malloc version="1"><heap nr="3"><sizes><size from="33" to="48" total="66" count="2"/></sizes><total type="fast" count="1" size="9"/></heap><system type="max" size="7"/></malloc>', 'strict')
  expect([statistics.find('free-size', 'arena 3, 33 to 48 bytes', 'free blocks'), statistics.find('arena', 'arena 3', 'total fast bytes'), statistics.find('process', '', 'system max bytes')]).toEqual([2, 9, 7])
})

test.each([
  ['element-unknown', '<malloc version="1"><odd/></malloc>', 'format-malformed'],
  ['file-cut', '<malloc version="1"><heap nr="0">\n', 'format-truncated'],
])('%s is counted, and refused in strict mode', async (code, text, error) => {
  expect(noteCodes(await read(text))).toEqual([`${code} x1 @1`])
  await expect(read(text, 'strict')).rejects.toMatchObject({ code: error })
})

test.each([['2', 'format-too-new'], ['0', 'format-malformed']])('version %s is refused', async (version, code) => {
  await expect(read(`<malloc version="${version}"></malloc>`)).rejects.toMatchObject({ code })
})

const files = realFiles('ground-truth').filter((file) => file.endsWith('.malloc_info.xml'))

describe.skipIf(files.length === 0)('recorded files', () => {
  test.each(files)('%s: the arenas add up to the sums of the process', async (file) => {
    const { statistics, origin } = await openRealProfile('ground-truth', file, 'malloc-info')
    expect(origin.notes).toEqual([])
    for (const name of ['total fast blocks', 'total fast bytes', 'total rest blocks', 'total rest bytes', 'system current bytes', 'aspace total bytes']) {
      const arenas = statistics.name.reduce((sum, found, row) => (found === name && statistics.kind[row] === 'arena' ? sum + statistics.value.at(row) : sum), 0)
      expect(arenas, name).toBe(statistics.find('process', '', name))
    }
    // Each element with figures became rows: counted by patterns over the text.
    const text = Buffer.from(realBytes('ground-truth', file)).toString('latin1')
    expect(statistics.kind.filter((kind) => kind === 'free-size').length).toBe(2 * [...text.matchAll(/<size /g)].length)
    const freeBytes = statistics.name.reduce((sum, name, row) => (name === 'free bytes' ? sum + statistics.value.at(row) : sum), 0)
    expect(freeBytes).toBe([...text.matchAll(/<size [^>]*total="(\d+)"/g)].reduce((sum, match) => sum + Number(match[1]), 0))
  })
})
