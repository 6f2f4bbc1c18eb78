import { describe, test } from 'vitest'
import { expectDamageFound, FAMILIES } from './testing/damage'

describe.each(FAMILIES)('%s', (family) => {
  test('500 damaged ones: told at the place, and no block lost but those hit', async () => {
    for (let seed = 1001; seed <= 1500; seed++) await expectDamageFound(family, seed)
  })
})
