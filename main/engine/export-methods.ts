import type { ExportMethods } from '../../shared/ipc/export-api'
import { writeFileAtomically } from '../files/atomic-write'
import type { Handlers } from './handlers'
import type { PathTable } from './path-table'

/** Writes what the window has drawn or listed. */
export function exportHandlers(targets: PathTable): Handlers<keyof ExportMethods> {
  return {
    exportFile: async ({ targetId, bytes }) => {
      const { path, name } = targets.get(targetId)
      await writeFileAtomically(path, (sink) => sink.write(bytes))
      return { name }
    },
  }
}
