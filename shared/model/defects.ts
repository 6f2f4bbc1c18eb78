import { HeapscapeError, type ErrorPlace } from '../base/errors'
import { NoteList, type NoteCounter } from './note-list'

/** A line (1-based), or a byte offset in content without lines. */
export type DefectPlace = number | { readonly offset: number }

const placeOf = (place: DefectPlace): ErrorPlace => (typeof place === 'number' ? { line: place } : place)

function count(kind: NoteCounter, place: DefectPlace): void {
  if (typeof place === 'number') kind.hit(place)
  else kind.hitAt(place.offset)
}

/**
 * The defects an importer meets: strict mode refuses them with the place, compatible mode counts them as notes.
 * What cuts a document short besides marks it partial.
 */
export class Defects extends NoteList {
  isPartial = false
  readonly #strict: boolean

  constructor(strict: boolean) {
    super()
    this.#strict = strict
  }

  /** `place` is a line or an offset. Throws format-malformed in strict mode. */
  met(kind: NoteCounter, place: DefectPlace, expected: string, got: string): void {
    if (this.#strict) throw new HeapscapeError('format-malformed', { expected, got: got.slice(0, 80) }, placeOf(place))
    count(kind, place)
  }

  /** A defect after which something is missing. Throws format-truncated in strict mode. */
  cut(kind: NoteCounter, place: DefectPlace, expected: string): void {
    if (this.#strict) throw new HeapscapeError('format-truncated', { expected, got: 'the end of the file' }, placeOf(place))
    count(kind, place)
    this.isPartial = true
  }
}
