import type { SerializedDockview } from 'dockview-vue'
import { describe, expect, it } from 'vitest'
import { pruneLayout, readLayout, writeLayout } from './stored-layout'

const leaf = (id: string, views: string[], activeView: string) => ({ type: 'leaf', size: 100, data: { id, views, activeView } })

/** [start | run] beside [run2], and a floating group. */
const layout = {
  grid: { root: { type: 'branch', size: 100, data: [leaf('1', ['start', 'entry-1'], 'entry-1'), leaf('2', ['entry-2'], 'entry-2')] }, width: 200, height: 100, orientation: 'HORIZONTAL' },
  panels: { start: { id: 'start' }, 'entry-1': { id: 'entry-1' }, 'entry-2': { id: 'entry-2' } },
  activeGroup: '2',
  floatingGroups: [{ data: { id: '3', views: ['entry-3'] } }],
} as unknown as SerializedDockview

describe('the stored layout', () => {
  it('keeps the tabs that need no document and drops empty groups', () => {
    expect(pruneLayout(layout, (id) => id === 'start')).toEqual({
      grid: { ...layout.grid, root: { type: 'branch', size: 100, data: [leaf('1', ['start'], 'start')] } },
      panels: { start: { id: 'start' } },
    })
  })

  it('is none when nothing is kept', () => {
    expect(pruneLayout(layout, () => false)).toBeNull()
    expect(writeLayout(null)).toBe('')
  })

  it('comes back as it was written', () => {
    expect(readLayout(writeLayout(layout))).toEqual(layout)
  })

  it('is none when it is missing, damaged or of another version', () => {
    expect([readLayout(''), readLayout('{'), readLayout('{"version":99,"dock":{"grid":{}}}'), readLayout('{"version":1}')]).toEqual([null, null, null, null])
  })
})
