import { expect, test } from 'vitest'
import type { Bench, BenchPlace } from './bench-contract'
import { formatTable, measureBench, median, ratiosToReferences, selectBenches } from './run-benches.mjs'

const bench = (name: string, values: number[], extra: Partial<Bench> = {}): Bench => ({
  name, title: `${name} on a sample`, unit: 'MB/s', better: 'higher',
  prepare: () => ({ measure: () => values.shift() ?? Number.NaN }),
  ...extra,
})

const place: BenchPlace = { projectRoot: '.', temporaryFolder: '.', electron: { missing: 'not needed' }, application: { missing: 'not needed' } }
const measure = (one: Bench, rounds: number) => measureBench(one, rounds, place)

test('the median of odd and even numbers of values', () => {
  expect([median([3, 1, 2]), median([4, 1, 3, 2])]).toEqual([2, 2.5])
})

test('the first measurement only warms up', async () => {
  expect((await measure(bench('parse/a', [99, 1, 2, 3]), 3)).values).toEqual([1, 2, 3])
})

test('a ratio above 1 is better than the reference, whichever direction is better', async () => {
  const floor = await measure(bench('floor', [0, 10]), 1)
  const faster = await measure(bench('faster', [0, 20], { reference: 'floor' }), 1)
  const longer = await measure(bench('longer', [0, 20], { reference: 'floor', better: 'lower', unit: 'ms' }), 1)
  expect([faster, longer, floor].map((result) => ratiosToReferences(result, [floor]).map(({ ratio }) => ratio))).toEqual([[2], [0.5], []])
})

test('several references give a ratio each, and one that is missing none', async () => {
  const [slow, fast] = [await measure(bench('slow', [0, 5]), 1), await measure(bench('fast', [0, 40]), 1)]
  const ours = await measure(bench('ours', [0, 20], { reference: ['slow', 'absent', 'fast'] }), 1)
  expect(ratiosToReferences(ours, [slow, fast, ours])).toEqual([{ reference: 'slow', ratio: 4 }, { reference: 'fast', ratio: 0.5 }])
  expect(selectBenches([slow.bench, ours.bench, fast.bench], 'ours').map(({ name }) => name)).toEqual(['slow', 'ours', 'fast'])
})

test('what is measured once is not warmed up, and the table says so', async () => {
  const result = await measure(bench('disk/block', [7, 8, 9], { once: true }), 5)
  expect(result.values).toEqual([7])
  expect(formatTable([result])).toContain('| once')
})

test('a filter also selects the references', () => {
  const all = [bench('parse/mtrace', [], { reference: 'peer/wc' }), bench('peer/wc', []), bench('open/file', [])]
  expect(selectBenches(all, 'parse').map(({ name }) => name)).toEqual(['parse/mtrace', 'peer/wc'])
})

test('the table says what could not be measured and why', async () => {
  const results = [await measure(bench('parse/a', [0, 1234.5]), 1), await measure(bench('peer/b', [], { prepare: () => ({ missing: 'b is not installed' }) }), 1)]
  expect(formatTable(results).split('\n').map((line) => line.replace(/\s+/g, ' '))).toEqual([
    '| bench | median | range | unit | against | goal | what |',
    '| ------- | ------------ | ------------------ | ---- | ------- | ---- | ------------------- |',
    '| parse/a | 1235 | 1235 to 1235 | MB/s | | | parse/a on a sample |',
    '| peer/b | not measured | b is not installed | | | | peer/b on a sample |',
  ])
})
