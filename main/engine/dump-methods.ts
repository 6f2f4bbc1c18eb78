import { compareDumps } from '../../shared/analysis/compare-dumps/compare-dumps'
import { HeapscapeError } from '../../shared/base/errors'
import type { JobContext } from '../../shared/base/job-context'
import type { DumpMethods } from '../../shared/ipc/dump-api'
import { DifferenceViews } from './difference-views'
import { SnapshotViews } from './document-views'
import type { Documents } from './documents'
import type { DumpViews } from './dump-views'
import type { Handlers } from './handlers'

/** Questions about walked snapshots. */
export function dumpHandlers(documents: Documents): Handlers<keyof DumpMethods> {
  const dump = (id: string): DumpViews => dumpViews(documents, id)
  let last: DifferenceViews | undefined
  /** The comparison asked for last is kept as long as both its dumps are open. */
  const difference = async (idA: string, idB: string, job: JobContext): Promise<DifferenceViews> => {
    const [a, b] = [dump(idA).snapshot, dump(idB).snapshot]
    if (last?.a !== a || last.b !== b) last = new DifferenceViews(a, b, await compareDumps(a, b, job))
    return last
  }
  return {
    dumpHeaps: ({ documentId }) => dump(documentId).heaps(),
    dumpRows: ({ documentId, heap, table, order, offset, count }) => dump(documentId).rows(heap, table, order).page(offset, count),
    dumpRowAt: ({ documentId, heap, table, order, address }) => ({ row: dump(documentId).rows(heap, table, order).placeOf(address) }),
    dumpPlace: ({ documentId, address }) => dump(documentId).place(address),
    dumpBytes: ({ documentId, address, length, against }) => dump(documentId).bytes(address, length, against === null ? undefined : dump(against).snapshot.memory),
    dumpChangedLines: ({ documentId, against, from, to, count }, job) => dump(documentId).changedLines(dump(against).snapshot.memory, { from, to, count }, job),
    dumpCompare: async ({ a, b }, job) => {
      const { comparison } = await difference(a, b, job)
      return { changes: comparison.changes, contentCompared: comparison.contentCompared, heaps: comparison.heaps }
    },
    dumpDifferenceRows: async ({ a, b, table, only, order, offset, count }, job) => (await difference(a, b, job)).rows(table, only, order).page(offset, count),
    dumpDifferenceRowAt: async ({ a, b, table, only, order, address }, job) => ({ row: (await difference(a, b, job)).rows(table, only, order).placeOf(address) }),
    dumpSearch: async ({ documentId, pattern, from }, job) => ({ address: await dump(documentId).search(pattern, from, job) }),
  }
}

/** @throws HeapscapeError `document-unknown`, `document-wrong-kind` */
export function dumpViews(documents: Documents, id: string): DumpViews {
  const { views, content } = documents.get(id)
  if (views instanceof SnapshotViews) return views.dump
  throw new HeapscapeError('document-wrong-kind', { expected: 'snapshot', got: content.kind })
}
