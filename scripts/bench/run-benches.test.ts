import { expect, test } from 'vitest'
import type { Bench } from './bench-contract'
import { formatTable, measureBench, median, ratioToReference, selectBenches } from './run-benches.mjs'

const bench = (name: string, values: number[], extra: Partial<Bench> = {}): Bench => ({
  name, title: `${name} on a sample`, unit: 'MB/s', better: 'higher',
  prepare: () => ({ measure: () => values.shift() ?? Number.NaN }),
  ...extra,
})

test('the median of odd and even numbers of values', () => {
  expect([median([3, 1, 2]), median([4, 1, 3, 2])]).toEqual([2, 2.5])
})

test('the first measurement only warms up', async () => {
  expect((await measureBench(bench('parse/a', [99, 1, 2, 3]), 3)).values).toEqual([1, 2, 3])
})

test('a ratio above 1 is better than the reference, whichever direction is better', async () => {
  const floor = await measureBench(bench('floor', [0, 10]), 1)
  const faster = await measureBench(bench('faster', [0, 20], { reference: 'floor' }), 1)
  const longer = await measureBench(bench('longer', [0, 20], { reference: 'floor', better: 'lower', unit: 'ms' }), 1)
  expect([faster, longer, floor].map((result) => ratioToReference(result, [floor]))).toEqual([2, 0.5, null])
})

test('a filter also selects the references', () => {
  const all = [bench('parse/mtrace', [], { reference: 'peer/wc' }), bench('peer/wc', []), bench('open/file', [])]
  expect(selectBenches(all, 'parse').map(({ name }) => name)).toEqual(['parse/mtrace', 'peer/wc'])
})

test('the table says what could not be measured and why', async () => {
  const results = [await measureBench(bench('parse/a', [0, 1234.5]), 1), await measureBench(bench('peer/b', [], { prepare: () => ({ missing: 'b is not installed' }) }), 1)]
  expect(formatTable(results).split('\n').map((line) => line.replace(/\s+/g, ' '))).toEqual([
    '| bench | median | range | unit | against | goal | what |',
    '| ------- | ------------ | ------------------ | ---- | ------- | ---- | ------------------- |',
    '| parse/a | 1235 | 1235 to 1235 | MB/s | | | parse/a on a sample |',
    '| peer/b | not measured | b is not installed | | | | peer/b on a sample |',
  ])
})
