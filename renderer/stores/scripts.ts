import { defineStore } from 'pinia'
import { shallowReactive } from 'vue'
import type { OpenedSource, SaveTarget } from '../../shared/ipc/host-api'
import { engine } from '../client/engine-client'
import { useDock } from './dock'
import { MAIN_WORKSPACE, useWorkspace } from './workspace'

/* Consoles as files: a script opens into a console of its own, where its lines wait; saving writes all its lines. */
export const useScripts = defineStore('scripts', () => {
  const workspace = useWorkspace()
  const dock = useDock()
  /** By panel: where it was saved last in this window. */
  const targets = shallowReactive(new Map<string, SaveTarget>())

  /** False when the source is no script. */
  async function open({ sourceId }: OpenedSource): Promise<boolean> {
    const script = await engine.request('consoleReadFile', { sourceId })
    if (script === null) return false
    const { name, text, initialBytes, maximumBytes } = script
    dock.showScript(name, { workspaceId: MAIN_WORKSPACE, initialBytes, maximumBytes, script: text })
    return true
  }

  const canSave = (panelId: string | null): boolean => {
    const holder = panelId === null ? undefined : workspace.find(panelId)
    return (holder?.kind === 'console' || holder?.kind === 'script') && holder.documentId !== null
  }

  const suggestedName = (panelId: string): string => `${(dock.titleOf(panelId) ?? 'script').replace(/\.heapscript$/i, '').replace(/[^\w.+-]+/g, '-')}.heapscript`

  /** `ask` shows the save dialog. */
  async function save(panelId: string, ask: (suggestedName: string) => Promise<SaveTarget | null>, asNew: boolean): Promise<void> {
    const { workspaceId, documentId = null } = workspace.find(panelId)!
    if (documentId === null) return
    const target = (asNew ? undefined : targets.get(panelId)) ?? (await ask(suggestedName(panelId)))
    if (target === null) return
    const { name } = await engine.request('consoleSave', { workspaceId, id: documentId, targetId: target.targetId })
    targets.set(panelId, target)
    dock.api?.getPanel(panelId)?.api.setTitle(name)
  }

  return { open, canSave, save, targetOf: (panelId: string) => targets.get(panelId) ?? null }
})
