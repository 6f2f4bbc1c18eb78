import { describe, expect, test } from 'vitest'
import { summariseTrace } from '../../analysis/trace-summary'
import { checkTrace } from '../../model/integrity'
import { checkJudged } from './testing/check-judged'
import { judgeIsInstalled, openRecorded, recordedFiles } from './testing/judge'

const interpreted = recordedFiles('heaptrack')
const raw = recordedFiles('heaptrack-raw')

describe.skipIf(!judgeIsInstalled || interpreted.length === 0)('equal to heaptrack_print', () => {
  test.each(interpreted)('%s', (file) => checkJudged(file))
})

describe.skipIf(raw.length === 0)('raw recordings', () => {
  test.each(raw)('%s is a sound trace', async (file) => expect(checkTrace(await openRecorded('heaptrack-raw', file))).toEqual([]))

  test.each(['sqlite-20k-c256.r1', 'sqlite-60k'])('%s: equal counts and bytes in both forms', async (name) => {
    const a = summariseTrace(await openRecorded('heaptrack-raw', `${name}.raw.zst`))
    const b = summariseTrace(await openRecorded('heaptrack', `${name}.zst`))
    expect({ ...a, addresses: false, temporaryAllocs: 0 }).toEqual({ ...b, temporaryAllocs: 0 })
  })
})
