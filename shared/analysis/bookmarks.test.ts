import { expect, test } from 'vitest'
import { bookmarkAt, LONGEST_NOTE, MOST_BOOKMARKS, neighbourBookmark, noteLine, orderedBookmarks, reversed, withChange, type Bookmark } from './bookmarks'

const A: Bookmark = { event: 10, note: 'a' }
const B: Bookmark = { event: 20, note: '' }

test('stand in order of events, one at each', () => {
  expect(orderedBookmarks([B, { event: 10, note: 'old' }, A])).toEqual([A, B])
  expect(orderedBookmarks(Array.from({ length: MOST_BOOKMARKS + 5 }, (_, event) => ({ event, note: '' })))).toHaveLength(MOST_BOOKMARKS)
  expect([bookmarkAt([A, B], 20), bookmarkAt([A, B], 21)]).toEqual([B, null])
})

test('a change and its reverse give the list back', () => {
  const changes = [{ event: 10, before: A, after: { event: 10, note: 'new' } }, { event: 15, before: null, after: { event: 15, note: 'c' } }, { event: 20, before: B, after: null }]
  const after = changes.reduce(withChange, [A, B] as readonly Bookmark[])
  expect(after).toEqual([{ event: 10, note: 'new' }, { event: 15, note: 'c' }])
  expect(changes.map(reversed).reduce(withChange, after)).toEqual([A, B])
})

test('neighbours lie strictly before and behind', () => {
  expect([9, 10, 20].map((event) => neighbourBookmark([A, B], event, true)?.event ?? null)).toEqual([10, 20, null])
  expect([10, 11, 21].map((event) => neighbourBookmark([A, B], event, false)?.event ?? null)).toEqual([null, 10, 20])
})

test('a note is one line of limited length', () => {
  expect(noteLine('  two\n lines\t here ')).toBe('two lines here')
  expect(noteLine('x'.repeat(LONGEST_NOTE + 9))).toHaveLength(LONGEST_NOTE)
})
