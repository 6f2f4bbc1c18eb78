import { describe, expect, test } from 'vitest'
import { lessons } from './lessons'
import { findLesson, runLesson } from './run-lesson'

describe('lessons', () => {
  test.each(lessons.map((lesson) => [lesson.number, lesson.id] as const))('%i %s holds every figure it states', (_, id) => {
    const result = runLesson(findLesson(id))
    const failed = result.parts.flatMap((part) => part.asserts.filter((assert) => !assert.ok).map((assert) => `${part.title}, line ${assert.line}: ${assert.text}, got ${assert.got}`))
    expect(failed).toEqual([])
    expect(result.ok).toBe(true)
  })
})
