import { expect, test } from 'vitest'
import { NONE } from '../../base/units'
import { RegionState } from '../../model/region-table'
import { AddressSpace } from './address-space'

function recorded(): { space: AddressSpace; changes: string[] } {
  const changes: string[] = []
  const names = ['free', 'reserved', 'committed']
  const space = new AddressSpace((base, bytes, state) => changes.push(`${names[state]} ${base.toString(16)}+${bytes.toString(16)}`))
  return { space, changes }
}

test('reserves by 64 KiB, commits by page, and tells only what changes', () => {
  const { space, changes } = recorded()
  const base = space.reserve(100)
  expect(space.commit(base + 10, 1)).toBe(true)
  expect(space.commit(base, 8192)).toBe(true)
  expect(space.decommit(base, 4096)).toBe(true)
  expect(space.release(base)).toBe(true)
  expect(changes).toEqual([
    'reserved 10000+10000',
    'committed 10000+1000',
    'committed 11000+1000',
    'reserved 10000+1000',
    'free 10000+1000',
    'free 11000+1000',
    'free 12000+e000',
  ])
  expect(space.stateAt(base)).toBe(RegionState.Free)
})

test('reserves at multiples of what is asked for, and leaves the rest to others', () => {
  const { space } = recorded()
  expect([space.reserve(1 << 20, 1 << 20), space.reserve(1), space.reserve(1 << 20, 1 << 20)]).toEqual([0x100000, 0x10000, 0x200000])
})

test('refuses what is not reserved, taken or not a base', () => {
  const { space, changes } = recorded()
  const first = space.reserve(65536)
  const second = space.reserve(65536)
  const before = changes.length
  expect(space.commit(second + 65536, 1)).toBe(false)
  expect(space.commit(first, 2 * 65536)).toBe(false)
  expect(space.reserveAt(first + 5, 10)).toBe(NONE)
  expect(space.release(first + 4096)).toBe(false)
  expect(space.moveBreak(first, first, first + 1)).toBe(false)
  expect(changes).toHaveLength(before)
})

test('holds 2047 ranges of 1 MiB, and half of it freed serves none of 2 MiB', () => {
  const { space } = recorded()
  const bases: number[] = []
  for (let base = space.reserve(1 << 20); base !== NONE; base = space.reserve(1 << 20)) bases.push(base)
  expect(bases).toHaveLength(2047)
  for (let i = 1; i < bases.length; i += 2) space.release(bases[i]!)
  let [free, largest] = [0, 0]
  space.walk((_base, bytes, state) => {
    if (state !== RegionState.Free) return
    free += bytes
    largest = Math.max(largest, bytes)
  })
  expect([free, largest, space.reserve(2 << 20)]).toEqual([1_073_610_752, 1 << 20, NONE])
})
