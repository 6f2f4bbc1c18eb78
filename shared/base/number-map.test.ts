import { expect, test } from 'vitest'
import { NumberMap } from './number-map'
import { mulberry32 } from './random'

test('behaves as a Map over 200,000 random steps with addresses above 32 bits', () => {
  const map = new NumberMap()
  const model = new Map<number, number>()
  const random = mulberry32(7)
  let differences = 0
  for (let step = 0; step < 200_000; step++) {
    const key = 0x5600_0000_0000 + Math.floor(random() * 3000) * 16
    if (random() < 0.5) {
      map.set(key, step)
      model.set(key, step)
    } else if (random() < 0.5) {
      if (map.take(key) !== (model.get(key) ?? -1)) differences++
      model.delete(key)
    } else {
      if (map.get(key) !== (model.get(key) ?? -1)) differences++
    }
  }
  expect(differences).toBe(0)
  expect(map.size).toBe(model.size)
  for (const [key, value] of model) expect(map.get(key)).toBe(value)
})

test('tells keys apart that share their low 32 bits', () => {
  const map = new NumberMap()
  for (let high = 0; high < 5000; high++) map.set(high * 2 ** 32 + 16, high)
  for (let high = 0; high < 5000; high++) expect(map.get(high * 2 ** 32 + 16)).toBe(high)
})

test('key 0 and the largest safe integer are ordinary keys', () => {
  const map = new NumberMap()
  expect(map.get(0)).toBe(-1)
  map.set(0, 1)
  map.set(Number.MAX_SAFE_INTEGER, 2)
  expect([map.take(0), map.take(0), map.get(Number.MAX_SAFE_INTEGER)]).toEqual([1, -1, 2])
})
