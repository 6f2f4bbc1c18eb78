import { expect, test } from 'vitest'
import { heapDefinitions } from '../profiles'
import { benchReplay, benchTrace } from '../testing/replay-rates'

/** A linear search over the free blocks would be 1000 times slower with 1000 times as many blocks. */
test('a million live blocks cost every heap at most 40 times the time per event of a thousand', async () => {
  const now = (): number => performance.now()
  const small = await benchReplay(benchTrace(1000, 1_000_000), 1000, 3, now)
  const large = await benchReplay(benchTrace(1_000_000, 2_600_000), 1_000_000, 1, now)
  for (const [i, definition] of heapDefinitions.entries()) {
    const [few, many] = [small[i]!.eventsPerSecond, large[i]!.eventsPerSecond]
    console.log(`${definition.id}: ${(few / 1e6).toFixed(1)} and ${(many / 1e6).toFixed(1)} M events/s`)
    expect(few / many, definition.id).toBeLessThan(40)
  }
})
