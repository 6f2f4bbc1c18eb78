import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import type { HeapSummary } from '../../shared/sim/win32/process-types'
import { FakeEngine } from '../testing/fake-engine'
import { MAIN_WORKSPACE, markColour, useWorkspace, type HolderFields } from './workspace'

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))
const SIZES = { initialBytes: 0x2000, maximumBytes: 0x10000 }
const fields = (panelId: string, more: Partial<HolderFields> = {}): HolderFields => ({ panelId, workspaceId: MAIN_WORKSPACE, kind: 'console', title: panelId, sizes: SIZES, ...more })
const heap = (handle: number, isDefault = false): HeapSummary => ({ handle, isDefault, name: isDefault ? 'default heap' : 'another heap' }) as HeapSummary

let engine: FakeEngine
let workspace: ReturnType<typeof useWorkspace>

beforeEach(() => {
  setActivePinia(createPinia())
  engine = FakeEngine.inUse()
  workspace = useWorkspace()
})

/** Opens a tab whose document gets this id. */
async function open(panelId: string, id: string): Promise<void> {
  const opening = workspace.open(fields(panelId))
  engine.last('heapDocumentOpen').answer({ id })
  await turn()
  engine.last('workspaceState').answer({ documents: [], heaps: [] })
  await opening
}

describe('a tab in the simulated process', () => {
  it('gets a heap with its sizes when it opens, once', async () => {
    await open('console-1', 'h1')
    expect(engine.last('heapDocumentOpen').params).toEqual({ workspaceId: MAIN_WORKSPACE, kind: 'console', title: 'console-1', ...SIZES })
    await workspace.open(fields('console-1'))
    expect(engine.methods().filter((method) => method === 'heapDocumentOpen')).toHaveLength(1)
    expect(workspace.find('console-1')).toMatchObject({ documentId: 'h1', mark: 1 })
  })

  it('gives its heap back when it closes, also when the heap came too late', async () => {
    await open('console-1', 'h1')
    void workspace.close('console-1')
    expect(engine.last('heapDocumentClose').params).toEqual({ workspaceId: MAIN_WORKSPACE, id: 'h1' })
    expect(workspace.find('console-1')).toBeUndefined()

    void workspace.open(fields('console-2'))
    void workspace.close('console-2')
    engine.last('heapDocumentOpen').answer({ id: 'h2' })
    await turn()
    expect(engine.last('heapDocumentClose').params).toEqual({ workspaceId: MAIN_WORKSPACE, id: 'h2' })
  })

  it('has the least number that no other tab of its process has, and a colour that is no other heap’s grey', async () => {
    for (const number of [1, 2, 3]) await open(`console-${number}`, `h${number}`)
    void workspace.close('console-2')
    await open('console-4', 'h4')
    expect(workspace.find('console-4')!.mark).toBe(2)
    expect([1, 2, 3, 4, 5, 6].map(markColour)).toEqual([0, 1, 2, 3, 5, 0])
  })

  it('is given another heap with other sizes', async () => {
    await open('simulate-1', 'h1')
    const reopening = workspace.reopen('simulate-1', { initialBytes: 0x1000, maximumBytes: 0 })
    engine.last('heapDocumentClose').answer({ destroyed: true, liveBlocks: 0, liveBytes: 0 })
    await turn()
    engine.last('heapDocumentOpen').answer({ id: 'h2' })
    await turn()
    engine.last('workspaceState').answer({ documents: [], heaps: [] })
    await reopening
    expect(workspace.find('simulate-1')).toMatchObject({ documentId: 'h2', sizes: { initialBytes: 0x1000, maximumBytes: 0 } })
  })

  it('says why it has no heap, after a failure and after a restart of the engine', async () => {
    const opening = workspace.open(fields('console-1'))
    engine.last('heapDocumentOpen').fail(new Error('no room'))
    await turn()
    engine.last('workspaceState').answer({ documents: [], heaps: [] })
    await opening
    expect(workspace.find('console-1')).toMatchObject({ documentId: null, failure: { text: expect.stringContaining('no room') as string } })
    await open('console-2', 'h2')
    engine.restart()
    expect(workspace.find('console-2')).toMatchObject({ documentId: null, failure: { code: 'engine-stopped' } })
    expect(workspace.state(MAIN_WORKSPACE)).toBeNull()
  })

  it('ends a lesson’s process with the last tab in it', async () => {
    void workspace.adopt(fields('console-1', { workspaceId: 'w1', kind: 'script' }), 'h1')
    void workspace.open(fields('walker-1', { workspaceId: 'w1', kind: 'viewer' }))
    await turn()
    void workspace.close('console-1')
    await turn()
    expect(engine.methods()).not.toContain('workspaceEnd')
    void workspace.close('walker-1')
    await turn()
    expect(engine.last('workspaceEnd').params).toEqual({ workspaceId: 'w1' })
  })
})

it('names each heap of a process by its tab, and those of nobody in grey', async () => {
  await open('console-1', 'h1')
  const refreshing = workspace.refresh(MAIN_WORKSPACE)
  engine.last('workspaceState').answer({ documents: [{ id: 'h1', heap: 0x30000, title: 'console-1' }], heaps: [heap(0x10000, true), heap(0x30000), heap(0x70000)] })
  await refreshing
  expect(workspace.heaps(MAIN_WORKSPACE).map(({ title, letter, mark }) => [title, letter, mark])).toEqual([['Default heap', 'D', 4], ['console-1', '1', 0], ['another heap', 'H', 4]])
  expect(workspace.heapOf(MAIN_WORKSPACE, 0x30000)!.holder!.panelId).toBe('console-1')
  expect(workspace.heapOf(MAIN_WORKSPACE, 0x90000)).toBeNull()
})
