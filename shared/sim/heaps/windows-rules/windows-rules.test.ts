import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { ntRules, segmentRules, type WindowsRule } from './windows-rules'

const project = path.join(import.meta.dirname, '../../../..')
/** The tests of these heaps, whose titles name rules. */
const TESTS = [
  'shared/sim/heaps/nt/nt-facts.test.ts',
  'shared/sim/heaps/segment-heap/segment-heap.test.ts',
  'shared/sim/profiles/who-gets-it.test.ts',
  'shared/sim/win32/heap-life.test.ts',
  'shared/heapwalk/materialise/nt-heap-image.test.ts',
  'shared/heapwalk/materialise/segment-heap-image.test.ts',
]

/** Rules named at the start of titles of tests, with how often. */
function citedRules(): Map<string, number> {
  const cited = new Map<string, number>()
  for (const file of TESTS) {
    for (const [, brackets] of fs.readFileSync(path.join(project, file), 'utf8').matchAll(/[(,] ?'((?:\[(?:nt|seg)-[a-z0-9-]+\] )+)/g)) {
      for (const [, id] of brackets!.matchAll(/\[([a-z0-9-]+)\]/g)) cited.set(id!, (cited.get(id!) ?? 0) + 1)
    }
  }
  return cited
}

test('every rule of the Windows heaps has its test, and no test names a rule that is not in the table', () => {
  const known = [...ntRules, ...segmentRules].map(({ id }) => id)
  expect(new Set(known).size).toBe(known.length)
  expect([...citedRules().keys()].sort()).toEqual([...known].sort())
})

const FACTS = process.env['HEAPSCAPE_FACTS'] ?? path.join(project, '../shared/facts/windows-heap')

/** Lines of a text whose confidence is high (H as a word), by section and number within it: `3.4#1`. */
function marksOf(text: string): string[] {
  const marks: string[] = []
  let section = ''
  let count = 0
  for (const line of text.split('\n')) {
    const heading = /^#{2,3} (\d+(?:\.\d+)?)/.exec(line)
    if (heading !== null) {
      section = heading[1]!
      count = 0
    } else if (section !== '' && /(?:^|[^A-Za-z0-9_])H(?:[^A-Za-z0-9_]|$)/.test(line)) marks.push(`${section}#${++count}`)
  }
  return marks
}

describe.skipIf(!fs.existsSync(FACTS))('our material on these heaps', () => {
  test.each<[string, readonly WindowsRule[]]>([['nt-heap.md', ntRules], ['segment-heap.md', segmentRules]])('%s: each line of high confidence is a rule, and each mark such a line', (file, rules) => {
    const marks = marksOf(fs.readFileSync(path.join(FACTS, file), 'utf8'))
    expect(marks.length).toBeGreaterThan(20)
    expect(rules.flatMap((rule) => rule.marks).sort()).toEqual([...marks].sort())
  })
})
