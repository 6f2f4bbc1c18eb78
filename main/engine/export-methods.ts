import { HeapscapeError } from '../../shared/base/errors'
import type { ExportMethods } from '../../shared/ipc/export-api'
import { writeFileAtomically } from '../files/atomic-write'
import type { Handlers } from './handlers'
import { PartFlow } from './part-flow'
import type { PathTable } from './path-table'

/** Writes what the window has drawn or listed. */
export function exportHandlers(targets: PathTable): Handlers<keyof ExportMethods> {
  const underWay = new Map<string, PartFlow>()
  const flowOf = (exportId: string): PartFlow => {
    const flow = underWay.get(exportId)
    if (flow === undefined) throw new HeapscapeError('message-invalid', { detail: `no file ${exportId} is being written` })
    return flow
  }
  return {
    exportFile: async ({ targetId, exportId }, job) => {
      const { path, name } = targets.get(targetId)
      if (underWay.has(exportId)) throw new HeapscapeError('message-invalid', { detail: `a file ${exportId} is being written already` })
      const flow = new PartFlow()
      underWay.set(exportId, flow)
      try {
        await writeFileAtomically(path, (sink) => flow.drain((bytes) => sink.write(bytes), job))
      } finally {
        underWay.delete(exportId)
      }
      return { name }
    },
    exportPart: async ({ exportId, bytes }) => {
      await flowOf(exportId).put(bytes)
      return null
    },
    exportEnd: ({ exportId }) => {
      flowOf(exportId).end()
      return null
    },
  }
}
