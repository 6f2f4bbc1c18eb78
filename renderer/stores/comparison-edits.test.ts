import { expect, test } from 'vitest'
import { MOST_NEW_MEMBERS, MOST_NEW_SIDES, type ComparisonEdit, type NewMember } from '../../shared/ipc/comparison-api'
import { comparisonChecks } from '../../shared/ipc/comparison-checks'
import { partsOfEdit } from './comparison-edits'

const members = (count: number, word = 's'): NewMember[] => Array.from({ length: count }, (_, i) => ({ sourceId: `${word}${i}` }))
const isAllowed = (edit: ComparisonEdit): boolean => comparisonChecks.comparisonEdit.safeParse({ comparisonId: 'c1', edit }).success

test('an edit that fits goes as it is', () => {
  for (const edit of [{ kind: 'retry' }, { kind: 'add', sideId: 1, members: members(3) }, { kind: 'add-sides', sides: [{ name: 'A', members: members(2) }, { name: 'B', members: [] }] }] satisfies ComparisonEdit[]) {
    expect(partsOfEdit(edit)).toEqual([edit])
  }
})

test('very many members and sides go in parts that are allowed, each member once and in order on its side', () => {
  const sides = [{ name: 'large', members: members(2 * MOST_NEW_MEMBERS + 5, 'l') }, ...Array.from({ length: MOST_NEW_SIDES + 3 }, (_, i) => ({ name: `side ${i}`, members: members(30, `s${i}-`) }))]
  const edit = { kind: 'add-sides', sides } satisfies ComparisonEdit
  expect(isAllowed(edit)).toBe(false)
  const parts = partsOfEdit(edit)
  expect(parts.filter((part) => !isAllowed(part))).toEqual([])
  const added = new Map<string, NewMember[]>()
  for (const part of parts) {
    if (part.kind !== 'add-sides') throw new Error(part.kind)
    for (const { name, members: own } of part.sides) added.set(name, [...(added.get(name) ?? []), ...own])
  }
  expect([...added]).toEqual(sides.map(({ name, members: own }) => [name, own]))
})

test('members for a new side go in parts too', () => {
  const edit = { kind: 'add', sideId: null, members: members(MOST_NEW_MEMBERS + 1) } satisfies ComparisonEdit
  expect(partsOfEdit(edit).map((part) => (part.kind === 'add' ? part.members.length : 0))).toEqual([MOST_NEW_MEMBERS, 1])
})
