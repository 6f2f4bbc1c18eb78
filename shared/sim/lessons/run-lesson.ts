import { HeapscapeError } from '../../base/errors'
import { compare, Interpreter } from '../console/interpreter'
import { parseLine, splitLines } from '../console/parse'
import type { AssertResult } from '../console/console-types'
import { SimulatedProcess } from '../win32/simulated-process'
import { HeapLab, type LabResult } from './heap-lab'
import { parseHeapScript } from './heap-script'
import { parseThreadScript, simulateThreads, type LockQueueResult } from './lock-queue'
import type { LessonPartResult, LessonPartText, LessonResult, LessonText } from './lesson-types'
import { lessons } from './lessons'
import { RunMeasures } from './run-measures'

/**
 * A lesson by number or id.
 * @throws HeapscapeError `lesson-unknown`
 */
export function findLesson(name: string): LessonText {
  const found = lessons.find((lesson) => lesson.id === name || String(lesson.number) === name)
  if (found === undefined) throw new HeapscapeError('lesson-unknown', { got: name, expected: lessons.map((lesson) => lesson.id).join(', ') })
  return found
}

/** Carries out every part of a lesson and checks its numbers. */
export function runLesson(lesson: LessonText): LessonResult {
  const parts = lesson.parts.map(runPart)
  return {
    number: lesson.number,
    id: lesson.id,
    title: lesson.title,
    operations: parts.reduce((sum, part) => sum + part.operations, 0),
    ok: parts.every((part) => part.asserts.length > 0 && part.asserts.every((assert) => assert.ok)),
    parts,
  }
}

function runPart(part: LessonPartText): LessonPartResult {
  if (part.machine === 'console') return runConsolePart(part)
  if (part.machine === 'threads') return runThreadPart(part)
  const lab = runHeapPart(part)
  return { title: part.title, operations: lab.operations, asserts: checkLab(lab) }
}

export function runHeapPart(part: LessonPartText): LabResult {
  const script = parseHeapScript(part.script)
  return new HeapLab(script).run(script, part.title)
}

/** The asserts of a heap script, in order. */
export function checkLab({ run, asserts }: LabResult): AssertResult[] {
  const measures = new RunMeasures(run)
  return asserts.map(({ command, event, value }) => {
    const { measure, argument, comparison, expected, text, line } = command
    const got = value ?? measures.measure(measure, argument, event) ?? 'none'
    const number = Number(expected)
    return { line, text, expected: `${comparison} ${expected}`, got: String(got), ok: compare(got, comparison, Number.isNaN(number) ? expected : number) }
  })
}

function runConsolePart(part: LessonPartText): LessonPartResult {
  const process = new SimulatedProcess(part.options)
  const interpreter = new Interpreter(process)
  const asserts: AssertResult[] = []
  splitLines(part.script).forEach((text, index) => {
    const step = interpreter.run(parseLine(text), index + 1)
    asserts.push(...step.asserts)
    // A mistake in a lesson's script is a failed lesson, not a crash.
    if (step.error !== null) asserts.push({ line: step.line, text, expected: 'a line that can be carried out', got: step.error.text, ok: false })
  })
  return { title: part.title, operations: process.callCount, asserts }
}

export function runThreadPart(part: LessonPartText): LessonPartResult {
  const asserts: AssertResult[] = []
  let operations = 0
  let queue: LockQueueResult | undefined
  for (const { line, text, run, assert } of parseThreadScript(part.script)) {
    if (run !== null) {
      queue = simulateThreads(run.threads, run.sharing)
      operations += queue.operations
    } else if (assert !== null) {
      const got = queue?.[assert.measure] ?? NaN
      asserts.push({ line, text, expected: `${assert.comparison} ${assert.expected}`, got: String(got), ok: compare(got, assert.comparison, assert.expected) })
    }
  }
  return { title: part.title, operations, asserts }
}
