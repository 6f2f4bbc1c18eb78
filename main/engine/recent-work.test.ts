import { expect, test } from 'vitest'
import { HeapscapeError } from '../../shared/base/errors'
import { quietJob, type JobContext, type Progress } from '../../shared/base/job-context'
import { EngineJob } from './engine-job'
import { KeptMemory } from './kept-memory'
import { RecentWork } from './recent-work'
import { Urgency, type Urgent } from './turns'

const counted = () => {
  let made = 0
  return { make: (value: string) => () => Promise.resolve(`${value}${++made}`), made: () => made }
}
const engineJob = (urgency: Urgency = Urgency.Now, told: Progress[] = []): EngineJob => new EngineJob((progress) => told.push(progress), urgency)
/** Looked at from the beginning on, as whoever asked does. */
const cancelled = (asked: Promise<unknown>): Promise<void> => expect(asked).rejects.toMatchObject({ code: 'cancelled' })

/** Work of as many steps as the test lets through. */
function stepped(): { readonly make: (job: JobContext) => Promise<string>; readonly step: () => Promise<void>; readonly end: () => void; readonly begun: () => number; readonly job: () => JobContext & Urgent } {
  let begun = 0
  let isOver = false
  let wake = (): void => undefined
  let job: JobContext = quietJob
  const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1))
  return {
    make: async (shared) => {
      begun++
      job = shared
      for (;;) {
        await new Promise<void>((resolve) => (wake = resolve))
        if (isOver) return `whole ${begun}`
        await shared.checkpoint()
      }
    },
    step: () => {
      wake()
      return settled()
    },
    end: () => {
      isOver = true
      wake()
    },
    begun: () => begun,
    job: () => job as JobContext & Urgent,
  }
}

test('keeps the last few results and begins nothing twice', async () => {
  const work = new RecentWork<string>(2)
  const { make } = counted()
  const both = await Promise.all([work.get('a', quietJob, make('a')), work.get('a', quietJob, make('a'))])
  expect(both).toEqual(['a1', 'a1'])
  expect(await work.get('b', quietJob, make('b'))).toBe('b2')
  expect(await work.get('a', quietJob, make('a'))).toBe('a1')
  expect(await work.get('c', quietJob, make('c'))).toBe('c3')
  expect(await work.get('b', quietJob, make('b'))).toBe('b4')
})

test('goes on while anybody waits: who gives up is let go at once, the other gets what was begun', async () => {
  const work = new RecentWork<string>(2)
  const { make, step, end, begun } = stepped()
  const [one, two] = [engineJob(), engineJob()]
  const first = cancelled(work.get('a', one, make))
  const second = work.get('a', two, make)
  one.cancel()
  await step()
  await first
  end()
  expect(await second).toBe('whole 1')
  expect(begun()).toBe(1)
  expect(work.peek('a')).toBe('whole 1')
})

test('is given up when the last who waited gives up, and begun anew for who comes then', async () => {
  const work = new RecentWork<string>(2)
  const { make, step, end, begun } = stepped()
  const jobs = [engineJob(), engineJob()]
  const asked = jobs.map((job) => cancelled(work.get('a', job, make)))
  for (const job of jobs) job.cancel()
  await step()
  await Promise.all(asked)
  expect(work.peek('a')).toBeUndefined()
  const again = work.get('a', engineJob(), make)
  end()
  expect(await again).toBe('whole 2')
  expect(begun()).toBe(2)
})

test('work that others wait for in turn goes on while anybody waits for them', async () => {
  const [masks, orders] = [new RecentWork<string>(2), new RecentWork<string>(2)]
  const { make, step, end, begun } = stepped()
  const [table, map] = [engineJob(), engineJob()]
  const rows = cancelled(orders.get('by size', table, async (job) => `order of ${await masks.get('a', job, make)}`))
  const cells = masks.get('a', map, make)
  table.cancel()
  await step()
  await rows
  const later = orders.get('by size', engineJob(), async (job) => `order of ${await masks.get('a', job, make)}`)
  end()
  expect([await cells, await later]).toEqual(['whole 1', 'order of whole 1'])
  expect(begun()).toBe(1)
})

test('is as urgent as the most urgent who waits, and tells its progress to all', async () => {
  const work = new RecentWork<string>(2)
  const { make, step, end, job } = stepped()
  const [toldOne, toldTwo]: Progress[][] = [[], []]
  const [chart, table] = [engineJob(Urgency.Later, toldOne), engineJob(Urgency.Now, toldTwo)]
  const first = work.get('a', chart, make)
  expect(job().urgency).toBe(Urgency.Later)
  const second = cancelled(work.get('a', table, make))
  expect(job().urgency).toBe(Urgency.Now)
  job().progress({ done: 4, total: 4, unit: 'blocks' })
  table.cancel()
  await step()
  await second
  expect(job().urgency).toBe(Urgency.Later)
  end()
  expect(await first).toBe('whole 1')
  expect([toldOne, toldTwo]).toEqual([[{ done: 4, total: 4, unit: 'blocks' }], [{ done: 4, total: 4, unit: 'blocks' }]])
})

test('a failure reaches all who wait and is not kept', async () => {
  const work = new RecentWork<string>(2)
  const failing = () => Promise.reject(new HeapscapeError('pattern-invalid'))
  const asked = [work.get('b', quietJob, failing), work.get('b', quietJob, () => Promise.resolve('never'))]
  await Promise.all(asked.map((one) => expect(one).rejects.toMatchObject({ code: 'pattern-invalid' })))
  expect(await work.get('b', quietJob, () => Promise.resolve('now'))).toBe('now')
})

test('results that share a memory keep within it: what was used longest ago goes first, what was used last stays', async () => {
  const memory = new KeptMemory(100)
  const made: string[] = []
  const kind = (name: string): ((key: string, bytes: number) => Promise<number>) => {
    const work = new RecentWork<number>(2, { memory, kind: name, bytesOf: (bytes) => bytes })
    return (key, bytes) => work.get(key, quietJob, () => {
      made.push(`${name} ${key}`)
      return Promise.resolve(bytes)
    })
  }
  const [order, filter] = [kind('order'), kind('filter')]
  await order('by size', 40)
  await filter('a', 10)
  await order('by birth', 40)
  expect(memory.bytes).toBe(90)
  await order('by size', 40)
  await filter('b', 30)
  expect(memory.bytes).toBe(70)
  await order('by size', 40)
  expect(made).toEqual(['order by size', 'filter a', 'order by birth', 'filter b'])
  await filter('a', 10)
  await order('by site', 40)
  expect(memory.bytes).toBe(90)
  await filter('huge', 500)
  expect(memory.bytes).toBe(500)
  await filter('huge', 500)
  expect(made.slice(4)).toEqual(['filter a', 'order by site', 'filter huge'])
})
