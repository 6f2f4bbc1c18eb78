import type { RunDocument } from '../../../shared/ipc/engine-api'
import type { LessonSession, LessonStop } from '../../../shared/ipc/workspace-api'
import type { LessonText } from '../../../shared/sim/lessons/lesson-types'
import { engine } from '../../client/engine-client'
import { useDock } from '../../stores/dock'
import { useDocumentView } from '../../stores/document-view'
import { useDocuments } from '../../stores/documents'
import { useWorkspace } from '../../stores/workspace'

type Session = LessonSession<RunDocument>

/** Where a part of a lesson stands open: a run, or a console in a process of its own. */
type OpenPart =
  | { readonly kind: 'run'; readonly entryId: string; readonly stops: readonly LessonStop[] }
  | { readonly kind: 'console'; readonly panelId: string; readonly workspaceId: string; readonly consoleId: string; readonly stops: readonly LessonStop[] }

/* Parts of lessons that are open to be stepped through; each opens once. */
export function useLessonParts() {
  const documents = useDocuments()
  const dock = useDock()
  const workspace = useWorkspace()
  const open = new Map<string, OpenPart>()

  async function openPart(lesson: LessonText, part: number): Promise<OpenPart | null> {
    const key = `${lesson.id} ${part}`
    const known = open.get(key)
    if (known !== undefined && isStillOpen(known)) return known
    const title = `${lesson.title}: ${lesson.parts[part]!.title}`
    const opened = lesson.parts[part]!.machine === 'heap' ? await openRun(lesson, part, title) : await openConsole(lesson, part, title)
    if (opened !== null) open.set(key, opened)
    return opened
  }

  const isStillOpen = (part: OpenPart): boolean => (part.kind === 'run' ? documents.find(part.entryId)?.state === 'open' : workspace.find(part.panelId)?.documentId === part.consoleId)

  async function openRun(lesson: LessonText, part: number, title: string): Promise<OpenPart | null> {
    let stops: readonly LessonStop[] = []
    const make = async () => {
      const session: Session = await engine.request('lessonOpen', { lesson: lesson.id, part })
      if (session.kind !== 'run') throw new Error(`${title} is no run`)
      stops = session.stops
      return session.document
    }
    const { entryId, loaded } = documents.open({ kind: 'made', title, isRepeatable: true, make })
    await loaded
    return { kind: 'run', entryId, stops }
  }

  async function openConsole(lesson: LessonText, part: number, title: string): Promise<OpenPart | null> {
    const session: Session = await engine.request('lessonOpen', { lesson: lesson.id, part })
    if (session.kind !== 'console') return null
    const { workspaceId, stops, console: { id: consoleId } } = session
    const panelId = dock.showScript(`Lesson ${lesson.number}${lesson.parts.length > 1 ? `, part ${part + 1}` : ''}`, { workspaceId, consoleId })
    await workspace.adopt({ panelId, workspaceId, kind: 'script', title, sizes: { initialBytes: 0, maximumBytes: 0 } }, consoleId)
    return { kind: 'console', panelId, workspaceId, consoleId, stops }
  }

  /** Opens the part where its script stops after `line`; 0 = before the first line. */
  async function show(lesson: LessonText, part: number, line: number): Promise<void> {
    const opened = await openPart(lesson, part)
    if (opened === null) return
    const at = opened.stops.find((stop) => stop.line === line)?.at ?? 0
    if (opened.kind === 'run') showRun(opened.entryId, line === 0 ? null : at)
    else {
      await engine.request('consoleGoTo', { workspaceId: opened.workspaceId, id: opened.consoleId, position: at })
      await workspace.refresh(opened.workspaceId)
      dock.showPanel(opened.panelId)
    }
  }

  function showRun(entryId: string, event: number | null): void {
    const entry = documents.find(entryId)
    if (entry === undefined) return
    if (event !== null && entry.summary !== null) useDocumentView(entry.summary.id).setEvent(event)
    dock.showEntry(entry)
  }

  /** A ProcessWalker on the part's process. */
  async function walk(lesson: LessonText, part: number): Promise<void> {
    const opened = await openPart(lesson, part)
    if (opened?.kind === 'console') dock.showWalker({ workspaceId: opened.workspaceId })
  }

  return { show, walk }
}
