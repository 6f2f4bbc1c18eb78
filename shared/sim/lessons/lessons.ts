import { apiLessons } from './texts/api-lessons'
import { heapLessons } from './texts/heap-lessons'
import { policyLessons } from './texts/policy-lessons'
import type { LessonText } from './lesson-types'

/** All lessons, in the order lists show them. */
export const lessons: readonly LessonText[] = [...heapLessons, ...apiLessons, ...policyLessons].sort((a, b) => a.number - b.number)
