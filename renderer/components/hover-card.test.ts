import { expect, test } from 'vitest'
import { cardBesideBox, cardBesidePointer } from './hover-card'

const SIZE = { width: 400, height: 200 }

test('a card stands on the side of the pointer where there is more room', () => {
  expect(cardBesidePointer({ x: 100, y: 50 }, SIZE)).toEqual({ left: '114px', top: '64px' })
  expect(cardBesidePointer({ x: 300, y: 150 }, SIZE)).toEqual({ right: '114px', bottom: '64px' })
  expect(cardBesidePointer(null, SIZE)).toEqual({})
})

test('a card stands beside a box, level with it, and never outside', () => {
  expect(cardBesideBox([20, 30, 40, 20], SIZE)).toEqual({ left: '68px', top: '30px' })
  expect(cardBesideBox([300, 150, 40, 20], SIZE)).toEqual({ right: '108px', bottom: '30px' })
  expect(cardBesideBox([-90, -10, 20, 10], SIZE)).toEqual({ left: '0px', top: '0px' })
})
