import { LACKING_WORDS, type SourceUnits } from '../model/lacking'
import type { Note, Origin } from '../model/trace'
import { booleanAt, choiceAt, integerAt, listAt, objectAt, optionalAt, stringAt, type JsonValue } from './json-check'

/** Where the document came from, as it was when the document was saved. */
export function parseOrigin(value: JsonValue | undefined): Origin {
  const origin = objectAt(value, 'origin')
  const producer = optionalAt(origin['producer'], 'origin.producer', stringAt)
  const version = optionalAt(origin['version'], 'origin.version', stringAt)
  const units = optionalAt(origin['units'], 'origin.units', parseUnits)
  const lacking = optionalAt(origin['lacking'], 'origin.lacking', (list, path) => listAt(list, path, (word, wordPath) => choiceAt(word, wordPath, LACKING_WORDS)))
  return {
    file: stringAt(origin['file'], 'origin.file'),
    format: stringAt(origin['format'], 'origin.format'),
    partial: booleanAt(origin['partial'], 'origin.partial'),
    notes: listAt(origin['notes'], 'origin.notes', parseNote),
    ...(producer === undefined ? {} : { producer }),
    ...(version === undefined ? {} : { version }),
    ...(units === undefined ? {} : { units }),
    ...(lacking === undefined ? {} : { lacking }),
  }
}

function parseUnits(value: JsonValue, path: string): SourceUnits {
  const units = objectAt(value, path)
  const times = units['times']
  return { sizes: stringAt(units['sizes'], `${path}.sizes`), times: times === null ? null : stringAt(times, `${path}.times`) }
}

function parseNote(value: JsonValue, path: string): Note {
  const note = objectAt(value, path)
  const firstLine = optionalAt(note['firstLine'], `${path}.firstLine`, integerAtPath)
  const firstOffset = optionalAt(note['firstOffset'], `${path}.firstOffset`, integerAtPath)
  return {
    code: stringAt(note['code'], `${path}.code`),
    count: integerAt(note['count'], `${path}.count`),
    text: stringAt(note['text'], `${path}.text`),
    ...(firstLine === undefined ? {} : { firstLine }),
    ...(firstOffset === undefined ? {} : { firstOffset }),
  }
}

const integerAtPath = (value: JsonValue, path: string): number => integerAt(value, path)
