import { expect, it } from 'vitest'
import { IMPORTERS } from '../../../shared/importers/registry'
import { OPENABLE_FORMATS, sentenceOf } from './openable-formats'

it('names every format that can be opened, and no other', () => {
  const told = OPENABLE_FORMATS.flatMap(({ formats }) => Object.keys(formats))
  expect([...told].sort()).toEqual(IMPORTERS.map(({ id }) => id).sort())
})

it('reads as a sentence', () => {
  expect(sentenceOf(OPENABLE_FORMATS[1]!)).toMatch(/^heaptrack, glibc mtrace, .*, events as CSV or JSON Lines$/)
})
