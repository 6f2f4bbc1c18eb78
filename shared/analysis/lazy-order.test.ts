import { expect, test } from 'vitest'
import { cancelledAfter, quietJob } from '../base/job-context'
import { mulberry32 } from '../base/random'
import { NONE } from '../base/units'
import { LazyOrder, orderInBuckets } from './lazy-order'

const COUNT = 70_000
const SPAN = 100_000_000
const random = mulberry32(3)
/** A third without a value. */
const values = Uint32Array.from({ length: COUNT }, () => (random() < 0.33 ? 0 : 1 + Math.floor(random() * SPAN)))

async function ordered(descending: boolean): Promise<LazyOrder> {
  const keys = descending ? values.map((value) => SPAN - value) : values.slice()
  return (await orderInBuckets({ keys, span: SPAN, unknownKey: descending ? SPAN : 0, rows: undefined, keyOf: (row) => (descending ? SPAN - values[row]! : values[row]!) }, quietJob, 1))!
}

test.each([false, true])('any place holds the row a whole sort puts there (descending: %s)', async (descending) => {
  const order = await ordered(descending)
  // Value and row in one number, so that the built-in sort of numbers can do it.
  const expected = Uint32Array.from(Float64Array.from(values, (value, row) => (descending ? SPAN - value : value) * COUNT + row).sort(), (both) => both % COUNT)
  const places = [0, 1, COUNT - 1, 40_000, 34_567, ...Array.from({ length: 200 }, () => Math.floor(random() * COUNT))]
  for (const place of places) {
    expect(order.rowAt(place)).toBe(expected[place])
    expect(order.placeOf(expected[place]!)).toBe(place)
  }
  expect(order.placeOf(COUNT)).toBe(NONE)
})

test('where a look would be slow, or nothing is saved, there is none', async () => {
  const wish = { span: SPAN, unknownKey: NONE, rows: undefined, keyOf: () => 0 }
  expect(await orderInBuckets({ ...wish, keys: new Uint32Array(COUNT).fill(77) }, quietJob, 1)).toBeUndefined()
  expect(await orderInBuckets({ ...wish, keys: values.slice(1) }, quietJob)).toBeUndefined()
  expect(await orderInBuckets({ ...wish, keys: values, span: 1000 }, quietJob, 1)).toBeUndefined()
  await expect(orderInBuckets({ ...wish, keys: values }, cancelledAfter(1), 1)).rejects.toMatchObject({ code: 'cancelled' })
})
