import { expect, test } from 'vitest'
import { HeapscapeError } from '../../shared/base/errors'
import { RecentWork } from './recent-work'

const counted = () => {
  let made = 0
  return { make: (value: string) => () => Promise.resolve(`${value}${++made}`), made: () => made }
}

test('keeps the last few results and begins nothing twice', async () => {
  const work = new RecentWork<string>(2)
  const { make } = counted()
  const both = await Promise.all([work.get('a', make('a')), work.get('a', make('a'))])
  expect(both).toEqual(['a1', 'a1'])
  expect(await work.get('b', make('b'))).toBe('b2')
  expect(await work.get('a', make('a'))).toBe('a1')
  expect(await work.get('c', make('c'))).toBe('c3')
  expect(await work.get('b', make('b'))).toBe('b4')
})

test('work given up by the one who began it is begun again for the other; other failures reach both', async () => {
  const work = new RecentWork<string>(2)
  let giveUp: (error: Error) => void = () => undefined
  const first = work.get('a', () => new Promise((_, reject) => (giveUp = reject)))
  const second = work.get('a', () => Promise.resolve('whole'))
  giveUp(new HeapscapeError('cancelled'))
  await expect(first).rejects.toMatchObject({ code: 'cancelled' })
  expect(await second).toBe('whole')
  const failing = () => Promise.reject(new HeapscapeError('pattern-invalid'))
  const third = work.get('b', failing)
  const fourth = work.get('b', () => Promise.resolve('never'))
  await expect(third).rejects.toMatchObject({ code: 'pattern-invalid' })
  await expect(fourth).rejects.toMatchObject({ code: 'pattern-invalid' })
})
