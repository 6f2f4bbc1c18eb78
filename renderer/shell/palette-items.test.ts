import { describe, expect, it } from 'vitest'
import type { Command } from '../stores/commands'
import type { DocumentEntry } from '../stores/documents'
import { paletteItems, parseEvent } from './palette-items'

const commands: Command[] = [
  { id: 'file.open', title: 'Open a file', group: 'File', keys: ['$mod+KeyO'], run: () => {} },
  { id: 'view.themeDark', title: 'Dark theme', group: 'View', run: () => {} },
]
const documents = [{ id: 'entry-1', title: 'sqlite.mtrace' }] as unknown as DocumentEntry[]
const ids = (query: string, events: number | null | undefined): string[] =>
  paletteItems(query, commands, documents, events === undefined ? null : { events }).map(({ id }) => id)

describe('the palette', () => {
  it('lists documents and commands, found by words in any order', () => {
    expect(ids('', undefined)).toEqual(['document:entry-1', 'file.open', 'view.themeDark'])
    expect(ids('theme view', undefined)).toEqual(['view.themeDark'])
    expect(ids('sqlite', undefined)).toEqual(['document:entry-1'])
  })

  it('puts whole words before beginnings of others', () => {
    const choices: Command[] = [{ id: 'a', title: 'Simulated Windows version', group: 'File', run: () => {} }, { id: 'b', title: 'Simulate a heap', group: 'Simulate', run: () => {} }]
    expect(paletteItems('simulate', choices, [], null).map(({ id }) => id)).toEqual(['b', 'a'])
  })

  it('goes to events and addresses of a run, never beyond its end', () => {
    expect(ids('812', 1000)).toEqual(['event:812', 'address:2066'])
    expect(ids('event 5,000', 1000)).toEqual(['event:1000'])
    expect(ids("0x0000'0214'5C70", 1000)).toEqual([`address:${0x2145c70}`])
  })

  it('knows no events in a snapshot and no places without a run', () => {
    expect(ids('812', null)).toEqual(['address:2066'])
    expect(ids('812', undefined)).toEqual([])
  })
})

it('reads event numbers as they are shown', () => {
  expect([parseEvent('812,406'), parseEvent('Event 12'), parseEvent('event'), parseEvent('12a'), parseEvent('')]).toEqual([812406, 12, null, null, null])
})
