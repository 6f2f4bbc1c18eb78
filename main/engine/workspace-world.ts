import type { FromEngineProcess } from '../../shared/ipc/engine-host-messages'
import type { Documents } from './documents'
import type { PathTable } from './path-table'
import type { Workspaces } from './workspaces'

/** What the methods of the simulated process work on. */
export interface WorkspaceWorld {
  readonly documents: Documents
  readonly workspaces: Workspaces
  readonly sources: PathTable
  readonly targets: PathTable
  readonly tell: (message: FromEngineProcess) => void
}
