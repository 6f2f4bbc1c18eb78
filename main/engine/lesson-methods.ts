import { HeapscapeError } from '../../shared/base/errors'
import type { JobContext } from '../../shared/base/job-context'
import type { RunDocument } from '../../shared/ipc/engine-api'
import type { LessonSession } from '../../shared/ipc/workspace-api'
import type { LessonPartText } from '../../shared/sim/lessons/lesson-types'
import { lessons } from '../../shared/sim/lessons/lessons'
import { checkLab, findLesson, runHeapPart, runLesson, runThreadPart } from '../../shared/sim/lessons/run-lesson'
import { describeDocument } from './describe-document'
import type { Handlers } from './handlers'
import type { WorkspaceWorld } from './workspace-world'

export function lessonHandlers(world: WorkspaceWorld): Handlers<'lessonList' | 'lessonRun' | 'lessonOpen'> {
  return {
    lessonList: () => lessons,
    lessonRun: ({ lesson }) => runLesson(findLesson(lesson)),
    lessonOpen: ({ lesson, part }, job) => {
      const { parts } = findLesson(lesson)
      const chosen = parts[part]
      if (chosen === undefined) throw new HeapscapeError('lesson-unknown', { got: `${lesson}, part ${part + 1}`, expected: `parts 1 to ${parts.length}` })
      return openPart(world, chosen, job)
    },
  }
}

async function openPart(world: WorkspaceWorld, part: LessonPartText, job: JobContext): Promise<LessonSession<RunDocument>> {
  switch (part.machine) {
    case 'heap':
      return openHeapPart(world, part, job)
    case 'console':
      return openConsolePart(world, part)
    case 'threads':
      return { kind: 'threads', asserts: runThreadPart(part).asserts, stops: part.stops.map((stop) => ({ ...stop, at: stop.line })) }
  }
}

async function openHeapPart({ documents }: WorkspaceWorld, part: LessonPartText, job: JobContext): Promise<LessonSession<RunDocument>> {
  const lab = runHeapPart(part)
  const document = await documents.add(lab.run, (id, views) => describeDocument(id, lab.run, views, { file: part.title, saved: false, view: null }, job) as Promise<RunDocument>)
  const stops = part.stops.map((stop) => ({ ...stop, at: lab.eventOfLine[stop.line] ?? lab.run.events }))
  return { kind: 'run', document, stops, asserts: checkLab(lab) }
}

/** The lines wait: whoever opened the lesson steps through them. */
function openConsolePart({ workspaces }: WorkspaceWorld, part: LessonPartText): LessonSession<RunDocument> {
  const { id, workspace } = workspaces.open(part.options ?? {})
  const { id: consoleId } = workspace.open({ kind: 'script', title: part.title, initialBytes: 0, maximumBytes: 0 })
  return { kind: 'console', workspaceId: id, console: workspace.enter(consoleId, part.script, false), stops: part.stops.map((stop) => ({ ...stop, at: stop.line })) }
}
