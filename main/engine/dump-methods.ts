import { HeapscapeError } from '../../shared/base/errors'
import type { DumpMethods } from '../../shared/ipc/dump-api'
import { SnapshotViews } from './document-views'
import type { Documents } from './documents'
import type { DumpViews } from './dump-views'
import type { Handlers } from './handlers'

/** Questions about walked snapshots. */
export function dumpHandlers(documents: Documents): Handlers<keyof DumpMethods> {
  const dump = (id: string): DumpViews => dumpViews(documents, id)
  return {
    dumpHeaps: ({ documentId }) => dump(documentId).heaps(),
    dumpRows: ({ documentId, heap, table, order, offset, count }) => dump(documentId).rows(heap, table, order).page(offset, count),
    dumpRowAt: ({ documentId, heap, table, order, address }) => ({ row: dump(documentId).rows(heap, table, order).placeOf(address) }),
    dumpOccupancy: ({ documentId, heap }) => dump(documentId).occupancy(heap),
    dumpPlace: ({ documentId, address }) => dump(documentId).place(address),
    dumpBytes: ({ documentId, address, length, against }) => dump(documentId).bytes(address, length, against === null ? undefined : dump(against).snapshot.memory),
    dumpChangedLines: ({ documentId, against, from, to, count }, job) => dump(documentId).changedLines(dump(against).snapshot.memory, { from, to, count }, job),
    dumpSearch: async ({ documentId, pattern, from }, job) => ({ address: await dump(documentId).search(pattern, from, job) }),
  }
}

/** @throws HeapscapeError `document-unknown`, `document-wrong-kind` */
export function dumpViews(documents: Documents, id: string): DumpViews {
  const { views, content } = documents.get(id)
  if (views instanceof SnapshotViews) return views.dump
  throw new HeapscapeError('document-wrong-kind', { expected: 'snapshot', got: content.kind })
}
