import { describe, expect, it } from 'vitest'
import { estimate } from './jobs'

describe('estimate', () => {
  it('tells rate and time left', () => {
    expect(estimate({ done: 250, total: 1000, unit: 'events' }, 500)).toEqual({ ratePerSecond: 500, secondsLeft: 1.5 })
  })

  it('tells no time left where the total is unknown', () => {
    expect(estimate({ done: 250, total: 0, unit: 'events' }, 500)).toEqual({ ratePerSecond: 500, secondsLeft: null })
  })

  it('says nothing too early', () => {
    expect(estimate({ done: 250, total: 1000, unit: 'events' }, 100)).toEqual({ ratePerSecond: null, secondsLeft: null })
    expect(estimate({ done: 0, total: 1000, unit: 'events' }, 5000)).toEqual({ ratePerSecond: null, secondsLeft: null })
  })
})
