import { HeapscapeError } from '../../shared/base/errors'
import type { WorkspaceId, WorkspaceOptions } from '../../shared/ipc/workspace-api'
import type { ProcessOptions } from '../../shared/sim/win32/process-types'
import { SimulatedProcess } from '../../shared/sim/win32/simulated-process'
import { Workspace } from '../../shared/sim/workspace/workspace'

/** The workspace that always exists; its process begins with the engine's. */
export const MAIN_WORKSPACE: WorkspaceId = 'main'
const MOST_WORKSPACES = 32

/** All workspaces of the engine by id. */
export class Workspaces {
  readonly #open = new Map<WorkspaceId, Workspace>()
  #next = 1

  /** @throws HeapscapeError `document-unknown` */
  get(id: WorkspaceId): Workspace {
    const known = this.#open.get(id)
    if (known !== undefined) return known
    if (id !== MAIN_WORKSPACE) throw new HeapscapeError('document-unknown', { id })
    // Made when it is first asked for: most sessions that only look at files never do.
    const main = new Workspace((version) => new SimulatedProcess(version === undefined ? {} : { version }))
    this.#open.set(id, main)
    return main
  }

  /** @throws HeapscapeError `input-too-large` */
  open(options: ProcessOptions): { id: WorkspaceId; workspace: Workspace } {
    if (this.#open.size >= MOST_WORKSPACES) throw new HeapscapeError('input-too-large', { expected: `at most ${MOST_WORKSPACES} open processes`, got: this.#open.size + 1 })
    const workspace = new Workspace((version) => new SimulatedProcess(version === undefined ? options : { ...options, version }))
    const id = `w${this.#next++}`
    this.#open.set(id, workspace)
    return { id, workspace }
  }

  restart(id: WorkspaceId, options: WorkspaceOptions): void {
    this.get(id).restart((version) => new SimulatedProcess(version === undefined ? options : { ...options, version }))
  }

  /** @throws HeapscapeError `document-unknown`, `usage` for the main one */
  end(id: WorkspaceId): void {
    if (id === MAIN_WORKSPACE) throw new HeapscapeError('usage', { detail: 'The main process ends with the program.' })
    this.get(id)
    this.#open.delete(id)
  }

  /** All but the main one. */
  endAll(): void {
    for (const id of this.#open.keys()) if (id !== MAIN_WORKSPACE) this.#open.delete(id)
  }
}
