import { HeapscapeError } from '../../shared/base/errors'
import type { AddressTimeMethods } from '../../shared/ipc/address-time-api'
import type { AddressTimeViews } from './address-time-views'
import { RunViews } from './document-views'
import type { Documents } from './documents'
import type { Handlers } from './handlers'
import type { SiteStudies } from './site-methods'

/** Questions about all lifetimes of a run. */
export function addressTimeHandlers(documents: Documents, studies: SiteStudies): Handlers<keyof AddressTimeMethods> {
  const viewsOf = (documentId: string): AddressTimeViews => addressTimeOf(documents, documentId)
  return {
    addressTimeSpace: ({ documentId }) => ({ space: viewsOf(documentId).space, lifetimes: documents.run(documentId).lifetimes.length }),
    addressTimeTile: async ({ documentId, filter, ...wish }, job) => viewsOf(documentId).tile(wish, filter, await studies.chosen(documentId, filter?.sites, job), job),
    lifetimeAt: ({ documentId, address, event }, job) => viewsOf(documentId).at(address, event, job),
    lifetimeStep: ({ documentId, address, event, step }, job) => viewsOf(documentId).stepped(address, event, step, job),
    lifetimesOver: ({ documentId, address, bytes }, job) => viewsOf(documentId).over(address, bytes, job),
    lifetimeTotals: async ({ documentId, filter }, job) => viewsOf(documentId).totals(filter, await studies.chosen(documentId, filter.sites, job), job),
  }
}

/** @throws HeapscapeError `document-unknown`, `document-wrong-kind` */
export function addressTimeOf(documents: Documents, documentId: string): AddressTimeViews {
  const { views, content } = documents.get(documentId)
  if (views instanceof RunViews) return views.addressTime
  throw new HeapscapeError('document-wrong-kind', { expected: 'run', got: content.kind })
}
