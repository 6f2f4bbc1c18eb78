import { computed, onScopeDispose, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import type { Failure } from '../../../shared/base/errors'
import type { ConsoleState, ScriptLine } from '../../../shared/sim/workspace/workspace-types'
import { engine } from '../../client/engine-client'
import { failureOf, isCancelled } from '../../client/failure'
import { useRowPages, type RowPages } from '../../components/row-pages'
import { useWorkspace, type Holder } from '../../stores/workspace'
import { scriptParts } from './script-parts'

/*
 * One console: its lines, of which the first `position` are carried out. The engine has the script; the window has the
 * pages of it in sight. Changes queue, so that quick keys never overtake one another.
 *
 *   1  h = HeapCreate(..)     0x00140000     done
 *   2  p = HeapAlloc(..)      0x00140690     done      <- position 2
 *   3  HeapFree(..)                          waiting: typed ahead, or undone
 */
export interface LinesPage {
  readonly total: number
  readonly lines: readonly ScriptLine[]
}

/** Position a step goes to from the one it finds. */
type StepTarget = (position: number, lineCount: number) => number

export interface ConsoleSession {
  readonly holder: ComputedRef<Holder | undefined>
  readonly state: Readonly<ShallowRef<ConsoleState | null>>
  readonly pages: RowPages<LinesPage>
  readonly failure: Readonly<ShallowRef<Failure | null>>
  readonly busy: Readonly<Ref<boolean>>
  lineAt(row: number): ScriptLine | null
  enter(text: string, run: boolean): Promise<void>
  /** Carries out or undoes lines until `position` are done. */
  goTo(position: number): Promise<void>
  undo(): Promise<void>
  step(): Promise<void>
  runAll(): Promise<void>
  /** The whole script, the waiting lines too. */
  script(): Promise<string>
  load(): Promise<void>
}

async function enterParts(at: { workspaceId: string; id: string }, text: string, run: boolean): Promise<ConsoleState | null> {
  const parts = scriptParts(text)
  let state: ConsoleState | null = null
  for (const [i, part] of parts.entries()) state = await engine.request('consoleEnter', { ...at, text: part, run: run && i === parts.length - 1, ...(i > 0 ? { after: true } : {}) })
  return state
}

export function useConsoleSession(panelId: string): ConsoleSession {
  const workspace = useWorkspace()
  const holder = computed(() => workspace.find(panelId))
  const state = shallowRef<ConsoleState | null>(null)
  const failure = shallowRef<Failure | null>(null)
  const busy = ref(false)
  const pages = useRowPages<LinesPage>((page) => page.lines.length)
  let queue: Promise<void> = Promise.resolve()
  let waiting = 0

  function place(): { workspaceId: string; id: string } | null {
    const { workspaceId = '', documentId = null } = holder.value ?? {}
    return documentId === null ? null : { workspaceId, id: documentId }
  }

  /** One after another: each change is made to what the one before left. */
  function change(work: (at: { workspaceId: string; id: string }) => Promise<ConsoleState | null>): Promise<void> {
    waiting++
    busy.value = true
    queue = queue.then(async () => {
      const at = place()
      try {
        const next = at === null ? null : await work(at)
        if (at !== null && next !== null) accept(at, next)
        failure.value = null
        // Figures are of the last of several quick changes.
        if (at !== null && waiting === 1) await workspace.refresh(at.workspaceId)
      } catch (error) {
        if (!isCancelled(error)) failure.value = failureOf(error)
      }
      busy.value = --waiting > 0
    })
    return queue
  }

  function accept(at: { workspaceId: string; id: string }, next: ConsoleState): void {
    state.value = next
    pages.restart(async (fromLine, count, options) => {
      const page = await engine.request('consoleState', { ...at, fromLine, count }, options)
      return { total: page.lineCount, lines: page.lines }
    })
  }

  /** Steps of a held key add up while the engine is at work: it goes to where they end. */
  let steps: StepTarget[] | null = null
  function move(target: StepTarget): Promise<void> {
    if (steps !== null) {
      steps.push(target)
      return queue
    }
    const own = [target]
    steps = own
    return change(async (at) => {
      if (steps === own) steps = null
      const { position: from, lineCount } = state.value ?? { position: 0, lineCount: 0 }
      const position = own.reduce((now, step) => Math.min(lineCount, Math.max(0, step(now, lineCount))), from)
      return position === from ? null : await engine.request('consoleGoTo', { ...at, position })
    })
  }
  /** What is entered is not overtaken by later steps. */
  function enter(text: string, run: boolean): Promise<void> {
    steps = null
    return change((at) => enterParts(at, text, run))
  }

  const stop = engine.onRestart(() => (state.value = null))
  onScopeDispose(stop)

  return {
    holder, state, pages, failure, busy,
    lineAt: (row) => {
      const found = pages.find(row)
      return found === null ? null : found.page.lines[found.index]!
    },
    load: () => change((at) => engine.request('consoleState', { ...at, fromLine: 0, count: 1 })),
    enter,
    goTo: (position) => move(() => position),
    undo: () => move((position) => position - 1),
    step: () => move((position) => position + 1),
    runAll: () => move((_position, lineCount) => lineCount),
    script: async () => {
      const at = place()
      return at === null ? '' : (await engine.request('consoleScript', at)).text
    },
  }
}
