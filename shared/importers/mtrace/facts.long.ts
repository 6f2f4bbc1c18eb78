import { describe, expect, test } from 'vitest'
import { countFile, hasRecordedLogs } from './testing/count-file'
import { FACTS } from './testing/facts'

describe.skipIf(!hasRecordedLogs)('large recorded logs, counted by an independent program', () => {
  test.each(FACTS.filter((fact) => !fact.quick))('$file', async (fact) => {
    expect(await countFile(fact)).toEqual(fact.counts)
  })
})
