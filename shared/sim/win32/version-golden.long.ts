import { expect, test } from 'vitest'
import { windowsVersions } from '../profiles/windows-versions'
import { workloads } from '../workload'
import { peakOfProcess, VERSION_PEAKS } from './testing/version-peaks'

const traces = workloads.map((workload) => workload.build())

test.each(windowsVersions.map(({ id }) => id))('peak committed bytes of G1 to G8 in a process of %s', (version) => {
  expect(traces.map((trace) => peakOfProcess(version, trace))).toEqual(VERSION_PEAKS[version])
})
