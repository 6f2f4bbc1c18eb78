import { expect, it } from 'vitest'
import { measureSweepRun } from '../../analysis/sweep/sweep-measure'
import { rankSweep } from '../../analysis/sweep/sweep-ranking'
import { quietJob } from '../../base/job-context'
import { simulateStatistics, traceOfWorkload } from '../../jobs/run-simulation'
import { planSweep } from '../../jobs/sweep/sweep-plan'
import type { DrawnPoint } from '../../analysis/sweep/sweep-drawings'
import { sweepPage } from './sweep-page'

async function sweep(names: readonly string[]): Promise<DrawnPoint[]> {
  const points = planSweep(names, ['first-fit', 'buddy', 'kath-nt31'], {})
  const traces = await Promise.all(names.map((name) => traceOfWorkload(name, quietJob)))
  return Promise.all(points.map(async ({ key, input, request, settings }) => ({ key, input: names[input]!, settings, ...measureSweepRun(await simulateStatistics(traces[input]!, { heap: request.heap, profile: request.profile, overrides: request.parameters }, quietJob), key) })))
}

it('is one page that needs nothing else and holds every figure it draws as a table', async () => {
  const points = await sweep(['workload:G1', 'workload:G2'])
  const ranking = rankSweep(points)
  const page = sweepPage(ranking, points)
  expect(page).toContain(`<strong>${ranking.advice}</strong>`)
  expect(page).toContain('Confidence ')
  expect(page).not.toMatch(/<script|<link|@import|\son\w+=/)
  expect([...page.matchAll(/https?:\/\/[^"]+/g)].map(([address]) => address).filter((address) => address !== 'http://www.w3.org/2000/svg')).toEqual([])
  // A line picture per trace and one of bars, each with a name.
  expect([...page.matchAll(/<svg role="img"/g)]).toHaveLength(3)
  expect([...page.matchAll(/<title>[^<]+<\/title>/g)]).toHaveLength(4)
  for (const { key, peakFootprintBytes } of ranking.points) {
    expect(page).toContain(`<th scope="row">${key}</th>`)
    expect(page).toContain(`<td class="n">${String(peakFootprintBytes).replace(/\B(?=(\d{3})+(?!\d))/g, ',')}</td>`)
  }
})

it('escapes what a file may be called', async () => {
  const [point] = await sweep(['workload:G1'])
  const evil = '<img src=x>.rep'
  const page = sweepPage(rankSweep([{ ...point!, input: evil, key: `${evil}|first-fit/csapp` }]), [{ ...point!, input: evil, key: `${evil}|first-fit/csapp` }])
  expect(page).not.toContain('<img')
  expect(page).toContain('&lt;img src=x&gt;.rep')
})
