import { apiFunctions } from '../../shared/sim/win32/api-catalog'
import { namedConstants } from '../../shared/sim/console/constants'
import { measureNames } from '../../shared/sim/console/measures'
import { checkSyntax } from '../../shared/sim/console/parse'
import type { Viewer } from '../../shared/sim/workspace/viewer'
import { hashTrace } from '../../shared/model/trace-hash'
import type { TraceDocument } from '../../shared/ipc/engine-api'
import { describeDocument } from './describe-document'
import type { Handlers } from './handlers'
import { scriptHandlers } from './script-methods'
import type { WorkspaceWorld } from './workspace-world'

type DocumentMethods = 'workspaceState' | 'workspaceRestart' | 'workspaceVersion' | 'workspaceEnd' | 'heapDocumentOpen' | 'heapDocumentClose' | 'heapDocumentReplay'

export function heapDocumentHandlers({ documents, workspaces }: WorkspaceWorld): Handlers<DocumentMethods> {
  return {
    workspaceState: ({ workspaceId }) => workspaces.get(workspaceId).state(),
    workspaceRestart: ({ workspaceId, options }) => {
      workspaces.restart(workspaceId, options)
      return workspaces.get(workspaceId).state()
    },
    workspaceVersion: ({ workspaceId, version }) => workspaces.get(workspaceId).switchVersion(version),
    workspaceEnd: ({ workspaceId }) => {
      workspaces.end(workspaceId)
      return null
    },
    heapDocumentOpen: ({ workspaceId, ...fields }) => workspaces.get(workspaceId).open(fields),
    heapDocumentClose: ({ workspaceId, id }) => workspaces.get(workspaceId).close(id),
    heapDocumentReplay: ({ workspaceId, id, traceId }) => workspaces.get(workspaceId).replay(id, documents.trace(traceId)),
  }
}

type ConsoleMethods = 'consoleApi' | 'consoleState' | 'consoleEnter' | 'consoleGoTo' | 'consoleScript' | 'consoleReadFile' | 'consoleSave' | 'consoleCheck' | 'consoleComplete' | 'consoleTrace'

export function consoleHandlers(world: WorkspaceWorld): Handlers<ConsoleMethods> {
  const { documents, workspaces } = world
  return {
    ...scriptHandlers(world),
    consoleApi: () => ({ functions: apiFunctions, constants: namedConstants, measures: measureNames }),
    consoleState: ({ workspaceId, id, fromLine, count }) => workspaces.get(workspaceId).console(id, fromLine, count),
    consoleEnter: ({ workspaceId, id, text, run, after = false }) => workspaces.get(workspaceId).enter(id, text, run, after),
    consoleGoTo: ({ workspaceId, id, position }) => workspaces.get(workspaceId).goTo(id, position),
    consoleScript: ({ workspaceId, id }) => ({ text: workspaces.get(workspaceId).script(id) }),
    consoleCheck: ({ text }) => ({ errors: checkSyntax(text) }),
    consoleComplete: ({ workspaceId, id, text, column }) => workspaces.get(workspaceId).complete(id, text, column),
    consoleTrace: async ({ workspaceId, id, heap }, job) => {
      const trace = workspaces.get(workspaceId).trace(id, heap)
      trace.hash = await hashTrace(trace, job)
      return documents.add(trace, (documentId, views) => describeDocument(documentId, trace, views, { saved: false, view: null }, job) as Promise<TraceDocument>)
    },
  }
}

type WalkMethods =
  | 'walkOpen'
  | 'walkClose'
  | 'walkRefresh'
  | 'walkKeep'
  | 'walkForget'
  | 'walkCompare'
  | 'walkRows'
  | 'walkRowAt'
  | 'walkBytes'
  | 'walkChangedLines'
  | 'walkNextChange'
  | 'walkSearch'
  | 'walkFollow'

export function walkHandlers({ workspaces }: WorkspaceWorld): Handlers<WalkMethods> {
  const viewer = ({ workspaceId, viewerId }: { workspaceId: string; viewerId: string }): Viewer => workspaces.get(workspaceId).viewer(viewerId)
  return {
    walkOpen: ({ workspaceId }) => {
      const workspace = workspaces.get(workspaceId)
      return workspace.walkState(workspace.openViewer().id)
    },
    walkClose: ({ workspaceId, viewerId }) => {
      workspaces.get(workspaceId).closeViewer(viewerId)
      return null
    },
    walkRefresh: ({ workspaceId, viewerId }) => {
      workspaces.get(workspaceId).refresh(viewerId)
      return workspaces.get(workspaceId).walkState(viewerId)
    },
    walkKeep: ({ workspaceId, viewerId }) => workspaces.get(workspaceId).keepMoment(viewerId),
    walkForget: ({ workspaceId, viewerId, momentId }) => workspaces.get(workspaceId).forgetMoment(viewerId, momentId),
    walkCompare: ({ workspaceId, viewerId, shown, against }) => workspaces.get(workspaceId).compareMoments(viewerId, shown, against),
    walkRows: ({ expanded, onlyChanged, offset, count, ...params }) => viewer(params).rows({ expanded, onlyChanged }, offset, count),
    walkRowAt: ({ expanded, onlyChanged, address, ...params }) => ({ row: viewer(params).rowOf({ expanded, onlyChanged }, address) }),
    walkBytes: ({ workspaceId, viewerId, address, length }) => workspaces.get(workspaceId).bytes(viewerId, address, length),
    walkChangedLines: ({ from, to, count, ...params }) => viewer(params).changedLines(from, to, count),
    walkNextChange: ({ from, backwards, ...params }) => ({ address: viewer(params).nextChange(from, backwards) }),
    walkSearch: ({ pattern, from, ...params }) => ({ address: viewer(params).search(pattern, from) }),
    walkFollow: ({ address, ...params }) => viewer(params).follow(address),
  }
}
