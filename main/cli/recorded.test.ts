import path from 'node:path'
import { expect, it } from 'vitest'
import { runCommandLine } from './command-line'
import { failureLine } from './output'

const sample = (file: string): string => path.join(import.meta.dirname, '../../shared/importers', file)

async function run(...args: string[]): Promise<{ code: number; json: () => unknown; errors: string[] }> {
  const results: string[] = []
  const errors: string[] = []
  const code = await runCommandLine(args, { result: (text) => results.push(text), failure: (failure) => errors.push(failureLine(failure)) })
  return { code, json: () => JSON.parse(results.join('')) as unknown, errors }
}

it('a trace with addresses becomes a run as recorded', async () => {
  const { code, json } = await run('simulate', sample('events-csv/samples/small.csv'), '--heap', 'recorded', '--json')
  expect(code).toBe(0)
  // 64 + 100, then 160 + 100, then 8 more, which grow to 9.
  expect(json()).toMatchObject({ heap: 'recorded', profile: 'recorded', parameters: { alignment: 16 }, events: 7, peakLiveBytes: 269, failedRequests: 0 })
})

it('can be compared with any simulated heap, and takes no parameters', async () => {
  const file = sample('events-csv/samples/small.csv')
  expect((await run('compare', file, file, '--heap', 'recorded', '--json')).json()).toMatchObject({ comparisons: [{ a: { request: { heap: 'recorded' } } }] })
  expect(await run('simulate', file, '--heap', 'recorded', '--set', 'header=8')).toMatchObject({ code: 2, errors: [expect.stringContaining('parameter-unknown')] })
  expect(await run('simulate', sample('malloclab/samples/weight-last.rep'), '--heap', 'recorded')).toMatchObject({ code: 2, errors: [expect.stringContaining('a trace with addresses')] })
})
