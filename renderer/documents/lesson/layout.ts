import type { AssertResult } from '../../../shared/sim/console/console-types'
import type { LessonPartText, LessonResult, StopPoint } from '../../../shared/sim/lessons/lesson-types'

/* A lesson's script as it is shown: lines, and after some of them a stop. */
export interface ShownLine {
  /** 1-based. */
  readonly line: number
  readonly text: string
  readonly isComment: boolean
  readonly stops: readonly StopPoint[]
  /** Asserts of the line once the lesson has run. */
  readonly asserts: readonly AssertResult[]
}

export function shownLines(part: LessonPartText, asserts: readonly AssertResult[]): ShownLine[] {
  const lines = part.script.replace(/\n+$/, '').split('\n')
  return lines.map((text, i) => ({
    line: i + 1,
    text,
    isComment: /^\s*(#|\/\/)/.test(text),
    stops: part.stops.filter(({ line }) => line === i + 1),
    asserts: asserts.filter(({ line }) => line === i + 1),
  }))
}

export interface Tally {
  readonly right: number
  readonly all: number
}

export function tallyOf(result: LessonResult): Tally {
  const asserts = result.parts.flatMap((part) => part.asserts)
  return { right: asserts.filter(({ ok }) => ok).length, all: asserts.length }
}

/** `✓ 12`, or `✗ 11 of 12`. */
export const tallyText = ({ right, all }: Tally): string => (right === all ? `✓ ${all}` : `✗ ${right} of ${all}`)
