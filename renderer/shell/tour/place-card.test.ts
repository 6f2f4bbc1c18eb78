import { expect, test } from 'vitest'
import { placeCard } from './place-card'

const page = { width: 1000, height: 800 }
const card = { width: 300, height: 150 }

test.each([
  ['below a part near the top', { left: 100, top: 10, width: 400, height: 30 }, { left: 112, top: 52 }],
  ['above a part near the foot', { left: 100, top: 700, width: 400, height: 90 }, { left: 112, top: 538 }],
  ['left of a high part at the right', { left: 700, top: 0, width: 300, height: 800 }, { left: 388, top: 12 }],
  ['right of a high part at the left', { left: 0, top: 0, width: 220, height: 800 }, { left: 232, top: 12 }],
  ['over the end of a part as large as the page', { left: 0, top: 0, width: 1000, height: 800 }, { left: 688, top: 638 }],
  ['in the middle without a part', null, { left: 350, top: (800 - 150) / 3 }],
])('the card stands %s', (_name, target, place) => {
  expect(placeCard(target, card, page)).toEqual(place)
})

test('it stays inside a page that is hardly larger than it', () => {
  expect(placeCard({ left: 0, top: 0, width: 320, height: 160 }, card, { width: 320, height: 160 })).toEqual({ left: 12, top: 12 })
})
