import { HeapscapeError, toFailure } from '../../shared/base/errors'
import { isScriptHead, isScriptName, readScriptFile, scriptFileText, type ScriptFile } from '../../shared/sim/console/script-file'
import { writeFileAtomically } from '../files/atomic-write'
import { FileSource } from '../files/file-source'
import type { Handlers } from './handlers'
import type { NamedPath } from './path-table'
import type { WorkspaceWorld } from './workspace-world'

const HEAD_BYTES = 64

/** Console scripts as files. */
export function scriptHandlers({ workspaces, sources, targets, tell }: WorkspaceWorld): Handlers<'consoleReadFile' | 'consoleSave'> {
  return {
    consoleReadFile: ({ sourceId }) => {
      const place = sources.get(sourceId)
      try {
        const script = readIfScript(place)
        if (script === null) return null
        tell({ type: 'opened', sourceId })
        return { ...script, name: place.name }
      } catch (error) {
        tell({ type: 'refused', sourceId, error: toFailure(error) })
        throw error
      }
    },
    consoleSave: async ({ workspaceId, id, targetId }) => {
      const { path, name } = targets.get(targetId)
      const bytes = new TextEncoder().encode(scriptFileText(workspaces.get(workspaceId).scriptFile(id)))
      await writeFileAtomically(path, (sink) => sink.write(bytes))
      tell({ type: 'saved', targetId })
      return { name }
    },
  }
}

/** Null also for what cannot be read: opening it as a document says why, and can be tried again. */
function readIfScript({ path, name }: NamedPath): ScriptFile | null {
  const source = openIfReadable(path, name)
  if (source === null) return null
  try {
    return isScriptName(name) || isScriptHead(source.read(0, HEAD_BYTES)) ? readScriptFile(source) : null
  } finally {
    source.close()
  }
}

function openIfReadable(path: string, name: string): FileSource | null {
  try {
    return new FileSource(path, name)
  } catch (error) {
    if (error instanceof HeapscapeError && error.code === 'file-unreadable') return null
    throw error
  }
}
