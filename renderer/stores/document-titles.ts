import type { DocumentId, RunDocument } from '../../shared/ipc/engine-api'

/** `first-fit and best-fit`, or the titles where the heaps are the same, or where dumps are compared. */
export function describeComparison(pair: { readonly a: DocumentId; readonly b: DocumentId }, find: (id: DocumentId) => RunDocument | undefined, titleOf: (id: DocumentId) => string | undefined = () => undefined): string {
  const a = find(pair.a)
  const b = find(pair.b)
  if (a === undefined || b === undefined) return [titleOf(pair.a), titleOf(pair.b)].filter((title) => title !== undefined).join(' | ') || 'Compare'
  return a.request.heap === b.request.heap ? `${a.title} | ${b.title}` : `${a.request.heap} | ${b.request.heap}`
}

/** Title for a narrow place, what differs most first: `first-fit · G6`. The run's mark tells equal ones apart. */
export const shortTitle = (run: RunDocument): string => `${run.request.heap} · ${run.source.name.replace(/^workload:/, '')}`
