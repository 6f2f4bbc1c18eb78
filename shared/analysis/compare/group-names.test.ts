import { describe, expect, it } from 'vitest'
import { groupByFolder, groupByPattern, suggestPattern } from './group-names'

const files = (...paths: readonly string[]) => paths.map((path) => ({ path }))

describe('groupByPattern', () => {
  it('tells sides and repeats apart by name, in any folder', () => {
    const groups = groupByPattern(files('base-1.heapscape', 'sub/new-1.heapscape', 'base-10.heapscape', 'notes.txt', 'base-x.heapscape'), '{side}-{n}.heapscape')
    expect(groups.sides).toEqual(['base', 'new'])
    expect(groups.places).toEqual([{ side: 'base', label: '' }, { side: 'new', label: '' }, { side: 'base', label: '' }, null, null])
  })

  it('takes labels, folders and names that look like expressions', () => {
    const groups = groupByPattern(files('before/level 1.dmp', 'after/level 1.dmp', 'after/x/level 1.dmp'), '{side}/{label}.dmp')
    expect(groups.places).toEqual([{ side: 'before', label: 'level 1' }, { side: 'after', label: 'level 1' }, null])
    expect(groupByPattern(files('a+b.(1).rep', 'axb.(1).rep'), '{side}+b.({n}).*').places).toEqual([{ side: 'a', label: '' }, null])
  })

  it('refuses a pattern that cannot tell sides, and says where', () => {
    expect(() => groupByPattern([], '{n}.rep')).toThrow(/expected \{side\} in it/)
    expect(() => groupByPattern([], '{side}-{side}')).toThrow(/twice.*character 7/)
    expect(() => groupByPattern([], '{side}-{run}')).toThrow(/got \{run\}/)
    expect(() => groupByPattern([], '{side}-{n')).toThrow(/got \{n/)
  })
})

it('takes each sub-folder for a side', () => {
  expect(groupByFolder(files('b/1.rep', 'a/x/2.rep', 'loose.rep'))).toEqual({ places: [{ side: 'b', label: '' }, { side: 'a', label: '' }, null], sides: ['a', 'b'] })
})

it('suggests the pattern that sorts all names into several sides with repeats', () => {
  expect(suggestPattern(files('py.r1.mtrace.zst', 'py.r2.mtrace.zst', 'sq.r1.mtrace.zst'))).toBe('{side}.r{n}.mtrace.zst')
  expect(suggestPattern(files('base-1.heapscape', 'base-2.heapscape', 'new-1.heapscape'))).toBe('{side}-{n}.heapscape')
  expect(suggestPattern(files('one.rep', 'two.rep'))).toBeNull()
  expect(suggestPattern([])).toBeNull()
})
