import { expect, test } from 'vitest'
import { filterOptions, filterProblem } from './filter-options'

const sites = (contains: string): Promise<string[]> => Promise.resolve(['sqlite3_malloc', 'say "hi"'].filter((text) => text.includes(contains)))
const labels = async (text: string, saved: string[] = []): Promise<string[]> => (await filterOptions(text, text.length, saved, sites)).map(({ label }) => label)

test('an empty field offers saved filters first, then columns', async () => {
  expect((await labels('', ['size > 4k'])).slice(0, 2)).toEqual(['size > 4k', 'address'])
  expect(await labels('state = f', ['size > 4k'])).toEqual(['free'])
})

test('texts come from the document and are written in quotes', async () => {
  expect(await labels('site ~ "sql')).toEqual(['sqlite3_malloc'])
  const text = 'site = "say'
  const [option] = await filterOptions(text, text.length, [], sites)
  expect(text.slice(0, option!.from) + option!.insert).toBe('site = "say \\"hi\\"" ')
  expect(await labels('site ~ /sql')).toEqual([])
})

test('a problem says its place', () => {
  expect(filterProblem('size > 4k')).toBeNull()
  expect(filterProblem('state = fre')).toMatchObject({ at: 8, sentence: expect.stringMatching(/^Character 9: expected busy, free/) as string })
})
