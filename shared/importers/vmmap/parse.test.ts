import { expect, test } from 'vitest'
import { MemorySource } from '../../base/byte-source'
import { cancelledAfter, quietJob } from '../../base/job-context'
import { checkSnapshot } from '../../model/integrity'
import { REGION_KIND_NAMES, REGION_STATE_NAMES } from '../../model/region-table'
import type { Snapshot } from '../../model/snapshot'
import { looksLikeVmMap, parseVmMap } from './parse'
import { tagOf } from './tags'

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
const read = async (regions: string, mode: 'compatible' | 'strict' = 'strict'): Promise<Snapshot> => {
  const snapshot = await parseVmMap(new MemorySource(bytesOf(`<root>\n${regions}</root>\n`), 'x.mmp'), { mode }, quietJob)
  expect(checkSnapshot(snapshot)).toEqual([])
  return snapshot
}
const region = (address: number, size: number, use: number, more = ''): string => `<Region Address="${address}" Size="${size}" UseType="${use}" ${more}/>\n`
const textOf = ({ regions, owners }: Snapshot): string[] =>
  Array.from({ length: regions.length }, (_, row) => `${regions.base.at(row)}+${regions.size.at(row)} ${REGION_STATE_NAMES[regions.state.at(row)]} ${REGION_KIND_NAMES[regions.kind!.at(row)]} ${owners[regions.owner.at(row)] ?? '-'}`)

test.each([
  ['tags with entities and either quotes', `<Region Details="A &amp; &#66;&#x43; &odd;" Type='"x"'/>`, { Details: 'A & BC &odd;', Type: '"x"' }],
  ['damage', '<Region Details="a/>', undefined],
  ['an end tag', '</Region>', undefined],
])('%s', (_, text, attributes) => {
  const tag = tagOf(text)
  expect(tag === undefined ? undefined : Object.fromEntries(tag.attributes)).toEqual(attributes)
})

test('blocks divide their region, name themselves after it, and count no byte twice', async () => {
  const snapshot = await read(region(4096, 8192, 1, 'Commit="4096" PrivateBytes="4096" Details="thread 7"') + region(4096, 4096, 1, 'Commit="0" PrivateBytes="0"') + region(8192, 4096, 1, 'Commit="4096" PrivateBytes="4096"'))
  expect(textOf(snapshot)).toEqual(['4096+4096 reserved stack thread 7', '8192+4096 committed stack thread 7'])
  expect([...snapshot.regions.private!.slice()].reduce((sum, bytes) => sum + bytes, 0)).toBe(4096)
})

test('what blocks leave of a region is reserved, and the figures of the whole are not put on it', async () => {
  const snapshot = await read(region(4096, 12288, 4, 'Commit="4096" PrivateBytes="4096"') + region(8192, 4096, 4, 'Commit="4096" PrivateBytes="4096"'))
  expect(textOf(snapshot)).toEqual(['4096+4096 reserved private Private Data', '8192+4096 committed private Private Data', '12288+4096 reserved private Private Data'])
  expect([...snapshot.regions.private!.slice()]).toEqual([-1, 4096, -1])
})

test('the format is marked as not proved in every document', async () => {
  const { origin } = await read(region(0, 4096, 6) + region(4096, 4096, 4))
  expect(origin.notes[0]).toMatchObject({ code: 'unverified-format', count: 1 })
})

test('defects: strict refuses with the line, the usual reader goes on', async () => {
  await expect(read(region(4096, 4096, 4) + region(8192, 0, 4))).rejects.toMatchObject({ code: 'format-malformed', where: { line: 3 } })
  expect((await read(region(4096, 8192, 4) + region(8192, 8192, 4), 'compatible')).origin.notes.map(({ code }) => code)).toEqual(['unverified-format', 'overlapping-region'])
  await expect(parseVmMap(new MemorySource(bytesOf('<root>' + region(4096, 4096, 4)), 'x'), { mode: 'strict' }, quietJob)).rejects.toMatchObject({ code: 'format-truncated' })
  await expect(parseVmMap(new MemorySource(bytesOf('<root></root>'), 'x'), { mode: 'compatible' }, quietJob)).rejects.toMatchObject({ code: 'format-malformed' })
  await expect(parseVmMap(new MemorySource(bytesOf('<root>' + '<a'.repeat(200_000)), 'x'), { mode: 'compatible' }, quietJob)).rejects.toMatchObject({ code: 'format-malformed' })
  await expect(parseVmMap(new MemorySource(bytesOf('<root/>'), 'x'), { mode: 'compatible' }, cancelledAfter(0))).rejects.toMatchObject({ code: 'cancelled' })
})

test('other XML is not taken for it', () => {
  expect(['<malloc version="1"><heap nr="0"/></malloc>', `<r>${region(0, 1, 6)}`, '<Region Address="0x10" UseType="1"/>'].map((text) => looksLikeVmMap(bytesOf(text)))).toEqual([false, true, false])
})
