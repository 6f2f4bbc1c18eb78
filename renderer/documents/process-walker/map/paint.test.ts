import { describe, expect, it } from 'vitest'
import { DrawLog } from '../../../canvas/draw-log'
import { testPalette } from '../../../canvas/testing/palette'
import { layoutRegions, ROW_HEIGHT, type MapRegion } from './layout'
import { labelOf, paintCurrent, paintRegions } from './paint'

const FREE: MapRegion = { address: 0, bytes: 0x10000, state: 0, owner: '', change: 0 }
const HEAP: MapRegion = { address: 0x10000, bytes: 0x100000, state: 2, owner: 'default heap', change: 0 }
const TABLE: MapRegion = { address: 0x110000, bytes: 0x80000, state: 1, owner: 'handle table', change: 1 }

function draw(regions: readonly MapRegion[], current = -1): DrawLog {
  const log = new DrawLog(500, 40)
  const picture = { regions, boxes: layoutRegions(regions, log), current }
  paintRegions(log, testPalette, picture)
  paintCurrent(log, testPalette, picture)
  return log
}

describe('paintRegions', () => {
  it('fills what is committed and names it', () => {
    const log = draw([FREE, HEAP])
    expect(log.of('fillRect').filter(({ rect }) => rect[3] === ROW_HEIGHT)).toHaveLength(1)
    expect(log.of('text').map(({ text }) => text)).toEqual(['default heap'])
  })

  it('leaves reserved regions open and free space a line', () => {
    const log = draw([FREE, { ...TABLE, change: 0 }])
    expect(log.of('fillRect').filter(({ rect }) => rect[3] === ROW_HEIGHT)).toHaveLength(0)
    expect(log.of('strokeRect')).toHaveLength(1)
    expect(draw([FREE]).of('line')).toHaveLength(1)
  })

  it('marks a change by a bar and by a sign', () => {
    const log = draw([FREE, HEAP, TABLE])
    expect(log.of('text').map(({ text }) => text)).toContain('+ handle table')
    expect(log.of('fillRect').filter(({ rect }) => rect[3] === 3)).toHaveLength(1)
  })

  it('draws around the current region alone', () => {
    expect(draw([FREE, HEAP], 1).of('strokeRect').map(({ color }) => color)).toEqual([testPalette.accent])
  })
})

it('cuts names to their room, keeping the sign longest', () => {
  expect(labelOf(TABLE, 200)).toBe('+ handle table')
  expect(labelOf(TABLE, 60)).toBe('+ handl…')
  expect(labelOf(TABLE, 16)).toBe('+')
  expect(labelOf(HEAP, 10)).toBe('')
})
