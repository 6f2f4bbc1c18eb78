import { beforeAll, describe, expect, it } from 'vitest'
import { MemorySource } from '../base/byte-source'
import { quietJob } from '../base/job-context'
import { checkProfile } from '../model/check-profile'
import { Profile } from '../model/profile'
import { readZipDirectory } from './container/zip-reader'
import { readOwnFile } from './read-own-file'
import { mutations, tally, truncations, written } from './testing/damage'
import { initParquetForTests, plain } from './testing/documents'
import { smallProfile, statisticsOnly } from './testing/small-profile'

beforeAll(initParquetForTests)

describe('a profile in an own file', () => {
  it.each([
    ['with everything', smallProfile],
    ['of statistics alone', statisticsOnly],
  ])('%s comes back as it was, equal bytes when written again', async (_what, make) => {
    const document = make()
    expect(checkProfile(document)).toEqual([])
    const bytes = await written(document)
    const back = await readOwnFile(new MemorySource(bytes), quietJob)
    expect(back).toBeInstanceOf(Profile)
    expect(plain(back)).toEqual(plain(document))
    expect(await written(back)).toEqual(bytes)
  })

  it.each([
    ['frames', (profile: Profile) => expect([profile.sites.calls, profile.sites.names.length]).toEqual([undefined, 12])],
    ['cellValues', (profile: Profile) => expect([profile.series!.moments.length, profile.series!.cells.length, profile.series!.measures[0]!.values.length]).toEqual([3, 0, 0])],
    ['statistics', (profile: Profile) => expect([profile.statistics.length, profile.measures.length]).toEqual([0, 2])],
  ] as const)('loses only what a damaged table %s holds', async (table, check) => {
    const bytes = await written(smallProfile())
    bytes[readZipDirectory(new MemorySource(bytes)).members.get(`${table}.parquet`)!.offset + 10]! ^= 1
    const back = (await readOwnFile(new MemorySource(bytes), quietJob)) as Profile
    expect(checkProfile(back)).toEqual([])
    expect(back.origin).toMatchObject({ partial: true, notes: [{ code: 'file-damaged' }] })
    check(back)
  })

  it('is refused when the figures of its sites are damaged', async () => {
    const bytes = await written(smallProfile())
    bytes[readZipDirectory(new MemorySource(bytes)).members.get('values.parquet')!.offset + 10]! ^= 1
    await expect(readOwnFile(new MemorySource(bytes), quietJob)).rejects.toMatchObject({ code: 'format-corrupt', facts: { table: 'values' } })
  })

  it('cut or mutated gives a coded error, a partial document, or nothing lost', async () => {
    const document = smallProfile()
    const bytes = await written(document)
    const cut = await tally(truncations(bytes, 17), plain(document))
    expect(cut.same).toBe(0)
    expect(cut.partial).toBeGreaterThan(20)
    const mutated = await tally(mutations(bytes, 120, 4), plain(document))
    expect(mutated.error + mutated.partial + mutated.same).toBe(120)
    expect(mutated.partial).toBeGreaterThan(10)
  })
})
