import { describe, expect, it } from 'vitest'
import { planSweep } from './sweep-plan'

describe('planSweep', () => {
  it('combines inputs, heaps and values, each value where it exists', () => {
    const keys = planSweep(['a.rep', 'b.rep'], ['first-fit', 'kath-nt31'], { align: ['8', '16'], coalesce: ['immediate', 'never'] }).map(({ key }) => key)
    expect(keys).toHaveLength(2 * (4 + 1))
    expect(keys[0]).toBe('a.rep|first-fit/csapp|align=8|coalesce=immediate')
    expect(keys.filter((key) => key.startsWith('b.rep|kath-nt31/'))).toHaveLength(1)
  })

  it('names the same work once, whatever it was called', () => {
    expect(planSweep(['a'], ['ff', 'first-fit', 'first-fit/csapp'], {})).toHaveLength(1)
  })

  it('is the same set of points in shards', () => {
    const whole = planSweep(['a', 'b'], ['first-fit', 'best-fit', 'buddy'], {}).map(({ key }) => key)
    const shards = [1, 2, 3, 4].flatMap((index) => planSweep(['a', 'b'], ['first-fit', 'best-fit', 'buddy'], {}, { index, count: 4 }).map(({ key }) => key))
    expect(shards.sort()).toEqual(whole.sort())
  })

  it('refuses a value that no heap takes, and two inputs of one name', () => {
    expect(() => planSweep(['a'], ['first-fit'], { granularity: ['8'] })).toThrow(/no parameter "granularity"/)
    expect(() => planSweep(['a', 'a'], ['first-fit'], {})).toThrow(/two inputs are called "a"/)
  })
})
