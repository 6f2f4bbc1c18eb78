import { textTable } from '../../../shared/report/text-table'
import type { LessonPartResult, LessonPartText, LessonResult, LessonText } from '../../../shared/sim/lessons/lesson-types'
import { lessons } from '../../../shared/sim/lessons/lessons'
import { findLesson, runLesson } from '../../../shared/sim/lessons/run-lesson'
import { type Command, ExitCode } from '../arguments'
import { jsonText, type Output } from '../output'

export const lessonCommand: Command = {
  name: 'lesson',
  usage: '[NAME] [--json]',
  summary: 'carries out a lesson and checks its figures; without a name lists the lessons',
  options: { json: { type: 'boolean' } },
  takes: [0, 1],
  run: ([name], values, output) => {
    const asJson = values['json'] === true
    return Promise.resolve(name === undefined ? list(asJson, output) : show(findLesson(name), asJson, output))
  },
}

function list(asJson: boolean, output: Output): ExitCode {
  if (asJson) output.result(jsonText(lessons.map(({ number, id, title, idea, parts }) => ({ number, id, title, idea, parts: parts.length }))))
  else output.result(textTable(lessons.map(({ number, id, title, idea }) => [String(number).padStart(2), id, title, idea]), [0, 1, 2, 3]))
  return ExitCode.Ok
}

function show(lesson: LessonText, asJson: boolean, output: Output): ExitCode {
  const result = runLesson(lesson)
  if (asJson) output.result(jsonText(describe(lesson, result)))
  else output.result(lessonText(lesson, result))
  return result.ok ? ExitCode.Ok : ExitCode.GateFailed
}

function describe({ idea, text, readings = [], source, parts }: LessonText, result: LessonResult): object {
  const { number, id, title, operations, ok } = result
  return { number, id, title, idea, text, readings, source, operations, ok, parts: result.parts.map((part, index) => ({ ...parts[index]!, options: parts[index]!.options ?? {}, ...part })) }
}

function lessonText({ number, title, idea, text, readings = [], source, parts }: LessonText, result: LessonResult): string {
  const failed = result.parts.flatMap(({ asserts }) => asserts).filter(({ ok }) => !ok).length
  return [
    `${number}. ${title}`,
    idea,
    '',
    ...text,
    ...parts.flatMap((part, index) => partLines(part, result.parts[index]!)),
    ...(readings.length === 0 ? [] : ['', 'Readings:', ...readings.map(({ topic, text: said, reading }) => `  ${topic}: ${said} Here: ${reading}`)]),
    '',
    `Source: ${source}`,
    `${result.operations} operations; ${failed === 0 ? 'every figure holds' : `${failed} figures differ`}`,
  ].join('\n')
}

/** The script with what was got at each check, and what to look at where it stops. */
function partLines({ title, script, stops }: LessonPartText, { asserts }: LessonPartResult): string[] {
  const lines = script.split('\n').flatMap((line, index) => [
    `  ${String(index + 1).padStart(3)}  ${line}`,
    ...asserts.filter((assert) => assert.line === index + 1).map(({ got, expected, ok }) => `         ${ok ? 'ok' : `FAILED, expected ${expected}`}: ${got}`),
    ...stops.filter((stop) => stop.line === index + 1).map(({ lookAt }) => `       > ${lookAt}`),
  ])
  return ['', `${title}:`, ...lines]
}
