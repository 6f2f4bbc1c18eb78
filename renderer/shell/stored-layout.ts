import type { SerializedDockview } from 'dockview-vue'

/*
 * The dock's arrangement as it is kept between two starts. Documents are not reopened by themselves, so only tabs that
 * need no document come back; groups that would be empty go.
 */
const VERSION = 1

interface StoredLayout {
  readonly version: number
  readonly dock: SerializedDockview
}

interface LeafData {
  readonly id: string
  readonly views: readonly string[]
  readonly activeView?: string
}

type GridNode = { readonly type: 'leaf'; readonly data: LeafData; readonly size?: number } | { readonly type: 'branch'; readonly data: readonly GridNode[]; readonly size?: number }

function pruneNode(node: GridNode, keep: ReadonlySet<string>): GridNode | null {
  if (node.type === 'branch') {
    const children = node.data.flatMap((child) => pruneNode(child, keep) ?? [])
    return children.length === 0 ? null : { ...node, data: children }
  }
  const views = node.data.views.filter((id) => keep.has(id))
  if (views.length === 0) return null
  const { activeView, ...rest } = node.data
  const active = activeView !== undefined && keep.has(activeView) ? activeView : views[0]!
  return { ...node, data: { ...rest, views, activeView: active } }
}

/** The layout without the panels that `isKept` refuses; null when nothing is left. Floating and popped-out groups are left out. */
export function pruneLayout(layout: SerializedDockview, isKept: (panelId: string) => boolean): SerializedDockview | null {
  const keep = new Set(Object.keys(layout.panels).filter(isKept))
  const root = pruneNode(layout.grid.root as unknown as GridNode, keep)
  if (root === null) return null
  const panels = Object.fromEntries(Object.entries(layout.panels).filter(([id]) => keep.has(id)))
  return { grid: { ...layout.grid, root: root as unknown as SerializedDockview['grid']['root'] }, panels }
}

export function writeLayout(dock: SerializedDockview | null): string {
  return dock === null ? '' : JSON.stringify({ version: VERSION, dock } satisfies StoredLayout)
}

/** Null for no layout, one of another version, or one that is damaged. */
export function readLayout(text: string): SerializedDockview | null {
  if (text === '') return null
  try {
    const stored = JSON.parse(text) as Partial<StoredLayout>
    return stored.version === VERSION && stored.dock?.grid !== undefined ? stored.dock : null
  } catch {
    return null
  }
}
