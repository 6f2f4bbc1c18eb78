import { expect, test } from 'vitest'
import { windowsVersions } from '../profiles/windows-versions'
import { workloads } from '../workload'
import { peakOfProcess, VERSION_PEAKS } from './testing/version-peaks'

/* One process of each manager and the shortest workload; version-golden.long.ts has all. */
const SHORTEST = 4

test.each(['nt31', 'xp-x64', '10-x86', '11-24h2-x64-segment'])('peak committed bytes of G5 in a process of %s', (version) => {
  expect(peakOfProcess(version, workloads[SHORTEST]!.build())).toBe(VERSION_PEAKS[version]![SHORTEST])
})

test('every version has its figures', () => {
  expect(Object.keys(VERSION_PEAKS)).toEqual(windowsVersions.map(({ id }) => id))
})
