import { expect, test } from 'vitest'
import { MemorySource } from '../../base/byte-source'
import { quietJob } from '../../base/job-context'
import type { Profile } from '../../model/profile'
import { looksLikeMallinfoSamples, parseMallinfoSamples } from './parse'

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
const read = (text: string, mode: 'compatible' | 'strict' = 'strict'): Promise<Profile> => parseMallinfoSamples(new MemorySource(bytesOf(text)), { mode }, quietJob)
const HEADER = 'events,arena,uordblks,fordblks\n'

test('is known by its columns; the first is the axis and no figure', () => {
  expect(looksLikeMallinfoSamples(bytesOf(HEADER))).toBe(true)
  expect(looksLikeMallinfoSamples(bytesOf('arena,uordblks,fordblks,events\n'))).toBe(false)
  expect(looksLikeMallinfoSamples(bytesOf('events,arena,uordblks\n'))).toBe(false)
  expect(looksLikeMallinfoSamples(bytesOf('op,at,size\n'))).toBe(false)
})

test('one moment a line, one total a column', async () => {
  const { series } = await read(`${HEADER}1,100,60,40\n5,200,120,80\n`)
  expect(series!.timeUnit).toBe('events')
  expect(Array.from(series!.moments.time.slice())).toEqual([1, 5])
  expect(series!.totals.map(({ id, values }) => [id, ...values.slice()])).toEqual([['arena', 100, 200], ['uordblks', 60, 120], ['fordblks', 40, 80]])
})

test.each(['1,2,3\n', '1,2,3,x\n', '1,2,3,4,5\n', '1,2,3,4'])('strict refuses %j, compatible tells it', async (line) => {
  await expect(read(HEADER + line)).rejects.toMatchObject({ code: 'format-malformed', where: { line: 2 } })
  const profile = await read(HEADER + line, 'compatible')
  expect([profile.series!.moments.length, profile.origin.notes.length, profile.origin.partial]).toEqual([0, 1, !line.endsWith('\n')])
})
