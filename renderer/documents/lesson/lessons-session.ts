import { onScopeDispose, ref, shallowReactive, shallowRef } from 'vue'
import type { Failure } from '../../../shared/base/errors'
import type { LessonResult, LessonText } from '../../../shared/sim/lessons/lesson-types'
import { engine } from '../../client/engine-client'
import { failureOf } from '../../client/failure'
import { useLessonParts } from './lesson-parts'

/* The lessons, and what each of them measured. */
export function useLessons() {
  const parts = useLessonParts()
  const lessons = shallowRef<readonly LessonText[]>([])
  const results = shallowReactive(new Map<string, LessonResult>())
  const failure = shallowRef<Failure | null>(null)
  const isRunning = ref(false)
  let isGone = false

  async function attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work()
      failure.value = null
    } catch (error) {
      failure.value = failureOf(error)
    }
  }

  const run = (lesson: string): Promise<void> => attempt(async () => void results.set(lesson, await engine.request('lessonRun', { lesson })))

  /** All of them, one after another: each checks its figures anew. */
  const load = (first: string | null): Promise<void> => attempt(async () => {
    isRunning.value = true
    lessons.value = await engine.request('lessonList', {})
    const order = [...lessons.value].sort((a, b) => Number(b.id === first) - Number(a.id === first))
    for (const { id } of order) {
      if (isGone) return
      results.set(id, await engine.request('lessonRun', { lesson: id }))
    }
    isRunning.value = false
  })

  const show = (lesson: LessonText, part: number, line: number): Promise<void> => attempt(() => parts.show(lesson, part, line))
  const walk = (lesson: LessonText, part: number): Promise<void> => attempt(() => parts.walk(lesson, part))

  onScopeDispose(() => (isGone = true))
  return { lessons, results, failure, isRunning, load, run, show, walk }
}
