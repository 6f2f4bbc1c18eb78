import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HeapscapeError } from '../../base/errors'
import { SafePattern } from './safe-pattern'
import { SiteFilter, filterTextOf } from './site-filter'

/** Patterns of every construct, whose meaning is the same in the built-in engine (case aside). */
const atom = fc.constantFrom('a', 'b', 'c', '.', '[ab]', '[^a]', '[a-c]', '\\d', '\\w', '\\s', '\\.', '\\b', '^', '$', '\\W')
const { pattern } = fc.letrec<{ pattern: string; part: string }>((tie) => ({
  part: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    atom,
    fc.tuple(tie('part'), tie('part')).map(([a, b]) => a + b),
    fc.tuple(tie('part'), tie('part')).map(([a, b]) => `(${a}|${b})`),
    fc.tuple(tie('part'), fc.constantFrom('*', '+', '?', '{2}', '{1,3}', '{0,}', '*?')).map(([a, times]) => `(?:${a})${times}`),
  ),
  pattern: fc.oneof(tie('part'), fc.tuple(tie('part'), tie('part')).map(([a, b]) => `${a}|${b}`)),
}))

describe('SafePattern', () => {
  test('matches what the built-in engine matches', () => {
    fc.assert(fc.property(pattern, fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'A', '1', '_', ' ', '.', ':'), maxLength: 8 }), (source, text) => {
      expect(new SafePattern(source).test(text)).toBe(new RegExp(source, 'i').test(text))
    }), { numRuns: 3000 })
  })

  test('takes a time that grows with the text, where backtracking would take years', () => {
    const text = 'a'.repeat(4000)
    const start = performance.now()
    for (const source of ['(a+)+b', '(a|a)*b', '(a|aa)+$b', '(.*.*.*.*)*x']) expect(new SafePattern(source).test(text)).toBe(false)
    expect(performance.now() - start).toBeLessThan(3000)
  })

  test.each([
    ['a(b', 2, /never closed/], ['a)', 2, /closes no group/], ['[a-', 1, /never closed/], ['*a', 1, /nothing stands before/], ['a{3,2}', 2, /out of order/],
    ['a{999}', 2, /at most 200/], ['(?=a)', 2, /not known here/], ['\\q', 2, /not known/], ['a\\', 3, /expected after/], ['[z-a]', 5, /in order/],
    ['((a{200}){200}){200}', 1, /unfold/], ['x'.repeat(300), 257, /at most 256/],
  ])('%s is refused at character %i', (source, at, detail) => {
    expect(() => new SafePattern(source)).toThrow(HeapscapeError)
    try {
      new SafePattern(source)
    } catch (error) {
      expect((error as HeapscapeError).facts['at']).toBe(at)
      expect((error as HeapscapeError).facts['detail']).toMatch(detail)
    }
  })
})

describe('SiteFilter', () => {
  const frame = { module: '/usr/lib/libc.so.6', function: 'std::getLine', file: '/src/io/reader.cpp', line: 12 }
  test.each([
    ['', false], ['getline', true], ['LIBC', true], ['reader', true], ['nothing', false], ['"getline"', false], ['"std::getline"', true], ['"libc.so.6"', true],
    ['module:libc function:get', true], ['module:get', false], ['file:/reader\\.cpp:1\\d$/', true], ['/^std::(get|put)line$/', true], ['/getline|x/ module:libm', false],
    ['module:"libc.so.6" /io/', true],
  ])('%s: %s', (text, expected) => expect(new SiteFilter(text).matches(frame)).toBe(expected))

  test('negated words leave out, and are no reason to keep', () => {
    const filter = new SiteFilter('-module:libc')
    expect([filter.needsMatch, filter.matches(frame), filter.refuses(frame), filter.isEmpty]).toEqual([false, false, true, false])
  })

  test('the words for a frame pick it', () => {
    const odd = { module: '/a b/c "d".so', function: 'operator"" _s', file: '', line: 0 }
    for (const one of [frame, odd]) expect(new SiteFilter(filterTextOf(one)).matches(one)).toBe(true)
    expect(new SiteFilter(filterTextOf(frame)).matches(odd)).toBe(false)
  })

  test.each([['/a', /never closed/], ['"a', /quote/], ['module:', /name is expected/], ['""', /between the quotes/], ['/(/', /never closed/]])('%s is refused', (text, detail) => {
    expect(() => new SiteFilter(text)).toThrow(detail)
  })
})
