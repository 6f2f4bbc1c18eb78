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

/** The same check of a loop again and again, with the same answer, is told once. */
export interface CheckGroup extends AssertResult {
  readonly times: number
}

export function groupChecks(asserts: readonly AssertResult[]): CheckGroup[] {
  const groups: CheckGroup[] = []
  const keyOf = ({ line, text, expected, got, ok }: AssertResult): string => JSON.stringify([line, text, expected, got, ok])
  for (const assert of asserts) {
    const last = groups.at(-1)
    if (last !== undefined && keyOf(last) === keyOf(assert)) groups[groups.length - 1] = { ...last, times: last.times + 1 }
    else groups.push({ ...assert, times: 1 })
  }
  return groups
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
