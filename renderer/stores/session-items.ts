import type { RunningSession } from '../../shared/ipc/session-items'
import type { ViewState } from '../../shared/ipc/view-state'
import type { DocumentEntry, DocumentOrigin } from './documents'

type Item = RunningSession[number]

/**
 * How what is open came to be, an input before what is made of it. Left out is what only the engine could make (the events
 * of a console) and was not saved, with all that was made of it, and files that could not be opened. `viewsOf` tells what
 * each looks at.
 */
export function sessionItems(entries: readonly DocumentEntry[], viewsOf: (entry: DocumentEntry) => readonly ViewState[] = () => []): RunningSession {
  const items: Item[] = []
  const placeOf = new Map<string, number | null>()
  const byId = new Map(entries.map((entry) => [entry.id, entry]))

  function place(id: string, origin: DocumentOrigin): number | null {
    const known = placeOf.get(id)
    if (known !== undefined) return known
    const target = byId.get(id)?.target ?? null
    const item: Item | null = target !== null ? { kind: 'source', source: { targetId: target.targetId } } : itemOf(origin)
    const at = item === null ? null : items.push(item) - 1
    placeOf.set(id, at)
    return at
  }

  function itemOf(origin: DocumentOrigin): Item | null {
    if (origin.kind === 'source') return { kind: 'source', source: { sourceId: origin.source.sourceId }, ...origin.part }
    if (origin.kind === 'workload') return { kind: 'workload', workload: origin.workload }
    if (origin.kind === 'made') return null
    const { input: asked, heap, profile, overrides } = origin.request
    const at = origin.input === null ? null : place(origin.input.entryId, origin.input.origin)
    const input = at !== null ? { item: at } : 'workload' in asked ? asked : null
    return input === null ? null : { kind: 'simulation', input, heap, ...(profile === undefined ? {} : { profile }), overrides }
  }

  for (const entry of entries) {
    const { id, origin, state, failure } = entry
    const at = state !== 'failed' || failure?.code === 'engine-stopped' ? place(id, origin) : null
    const views = viewsOf(entry)
    if (at !== null && views.length > 0) items[at] = { ...items[at]!, views }
  }
  return items
}

/** Titles of what is open, was not saved and cannot be made again: captures, calls of consoles, runs of those. */
export function unkeptTitles(entries: readonly DocumentEntry[]): string[] {
  const byId = new Map(entries.map((entry) => [entry.id, entry]))
  const isKept = (origin: DocumentOrigin): boolean => {
    if (origin.kind === 'made') return origin.isRepeatable === true
    if (origin.kind !== 'simulation' || origin.input === null) return true
    const { entryId, origin: of } = origin.input
    return (byId.get(entryId)?.target ?? null) !== null || isKept(of)
  }
  return entries.filter(({ state, target, origin }) => state === 'open' && target === null && !isKept(origin)).map(({ title }) => title)
}
