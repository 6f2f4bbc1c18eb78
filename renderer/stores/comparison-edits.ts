import type { ComparisonEdit, NewMember } from '../../shared/ipc/comparison-api'
import { MOST_NEW_MEMBERS, MOST_NEW_SIDES } from '../../shared/ipc/comparison-api'

/** The same edit as several, none with more new members or sides than one request takes. The engine adds to a side of the same name. */
export function partsOfEdit(edit: ComparisonEdit): readonly ComparisonEdit[] {
  if (edit.kind === 'add') return inGroups(edit.members).map((members) => ({ ...edit, members }))
  if (edit.kind !== 'add-sides') return [edit]
  const parts: { readonly name: string; readonly members: readonly NewMember[] }[][] = [[]]
  let room = MOST_NEW_MEMBERS
  for (const { name, members } of edit.sides) {
    for (const group of members.length === 0 ? [members] : inGroups(members)) {
      if (group.length > room || parts.at(-1)!.length === MOST_NEW_SIDES) {
        parts.push([])
        room = MOST_NEW_MEMBERS
      }
      parts.at(-1)!.push({ name, members: group })
      room -= group.length
    }
  }
  return parts.map((sides) => ({ kind: 'add-sides', sides }))
}

function inGroups(members: readonly NewMember[]): (readonly NewMember[])[] {
  const groups: (readonly NewMember[])[] = []
  for (let from = 0; from < members.length; from += MOST_NEW_MEMBERS) groups.push(members.slice(from, from + MOST_NEW_MEMBERS))
  return groups
}
