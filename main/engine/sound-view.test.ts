import { expect, test } from 'vitest'
import { viewStateCheck } from '../../shared/ipc/view-checks'
import type { ViewState } from '../../shared/ipc/view-state'
import { LONGEST_NOTE, MOST_BOOKMARKS } from '../../shared/analysis/bookmarks'
import { LONGEST_CHOICE, MOST_CHOICES } from '../../shared/analysis/view-text'
import { soundViewState } from './sound-view'

const WHOLE: ViewState = {
  event: 12, selectedAddress: 0x1000, filter: { where: 'size > 4k', states: [1], sites: 'function:read' }, sort: 'size', descending: true, columns: ['address', 'age', 'why'],
  map: { layout: 'hilbert', zoom: 2.5, folded: true }, list: 'sites', timeline: 'stack', bookmarks: [{ event: 3, note: 'here' }],
}

test('a whole view and an old one pass', () => {
  expect(viewStateCheck.parse(WHOLE)).toEqual(WHOLE)
  expect(viewStateCheck.safeParse({ event: 5, selectedAddress: null }).success).toBe(true)
  expect(soundViewState(WHOLE)).toEqual(WHOLE)
  expect(soundViewState({ event: 5, selectedAddress: null })).toEqual({ event: 5, selectedAddress: null })
})

test('what a window sends must be sound as a whole', () => {
  for (const wrong of [{ stranger: 1 }, { event: -1 }, { sort: 'colour' }, { columns: ['address', 'colour'] }, { columns: [] }, { map: { layout: {} } }, { map: { 'not a name': 1 } }, { bookmarks: [{ event: 1 }] }]) {
    expect(viewStateCheck.safeParse({ ...WHOLE, ...wrong }).success).toBe(false)
  }
})

test('the limits are those the window keeps', () => {
  const bookmarks = Array.from({ length: MOST_BOOKMARKS }, (_, at) => ({ event: at, note: 'x'.repeat(LONGEST_NOTE) }))
  const map = Object.fromEntries(Array.from({ length: MOST_CHOICES }, (_, at) => [`choice${at}`, 'x'.repeat(LONGEST_CHOICE)]))
  expect(viewStateCheck.safeParse({ bookmarks, map }).success).toBe(true)
  expect(viewStateCheck.safeParse({ bookmarks: [...bookmarks, { event: 900, note: '' }] }).success).toBe(false)
  expect(viewStateCheck.safeParse({ map: { ...map, more: 1 } }).success).toBe(false)
})

test('of a file each sound member is taken', () => {
  expect(soundViewState({ ...WHOLE, later: true, filter: { where: 'size >' }, event: 'x' })).toEqual(Object.fromEntries(Object.entries(WHOLE).filter(([name]) => name !== 'filter' && name !== 'event')))
  expect([soundViewState(undefined), soundViewState('view'), soundViewState(null)]).toEqual([null, null, null])
})
