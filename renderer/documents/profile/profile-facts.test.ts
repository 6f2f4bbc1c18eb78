import { expect, test } from 'vitest'
import type { ProfileSummary } from '../../../shared/analysis/profile-summary'
import { figureText, lacksOf, measureLabel, seriesLines } from './profile-facts'

test('measures and figures in words', () => {
  expect(['live-bytes', 'site-peak-blocks', 'live-bytes-scaled'].map(measureLabel)).toEqual(['live bytes', 'site peak blocks', 'live bytes, scaled'])
  expect([figureText(2048, 'bytes'), figureText(12345, 'blocks'), figureText(0.51234, 'ratio')]).toEqual(['2 KiB', '12,345 blocks', '0.5123 ratio'])
})

test('a timeline draws bytes together, and another unit alone', () => {
  const peak = (id: string, unit: string) => ({ id, unit, value: 1, moment: 0, time: 0 })
  expect(seriesLines([peak('heap-bytes', 'bytes'), peak('blocks', 'blocks'), peak('stack-bytes', 'bytes')]).map(({ line, id, label }) => [line, id, label])).toEqual([['live', 'heap-bytes', 'heap'], ['footprint', 'stack-bytes', 'stack']])
  expect(seriesLines([peak('live-blocks', 'blocks'), peak('x', 'ns')]).map(({ id }) => id)).toEqual(['live-blocks'])
  expect(seriesLines([])).toEqual([])
})

test('what a profile lacks', () => {
  const summary: ProfileSummary = { command: '', sampling: null, sites: 3, frames: 0, stacks: 0, measures: [], series: null, statistics: 0 }
  expect(lacksOf(summary).map((text) => text.split(':')[0])).toEqual(['Call paths', 'Time', 'Blocks, addresses and frees in order'])
  expect(lacksOf({ ...summary, sites: 0 })[0]).toMatch(/^Call sites/)
})
