import { randomInt } from 'node:crypto'
import { HeapscapeError } from '../../shared/base/errors'
import type { SnapshotDocument } from '../../shared/ipc/engine-api'
import { FileSource } from '../files/file-source'
import { DEFAULT_SUSPENSION_MS } from '../live/capture/capture-request'
import type { PageDigests } from '../live/capture/page-digests'
import { unpackCapture } from '../live/transfer/pack-capture'
import { describeDocument } from './describe-document'
import type { Documents } from './documents'
import type { Handlers } from './handlers'
import { LiveBytes } from './live-bytes'
import { liveChanges } from './live-changes'
import type { LiveClient } from './live-client'
import type { PathTable } from './path-table'

interface LiveWorld {
  readonly documents: Documents
  readonly targets: PathTable
  readonly live: LiveClient
}

/** Running processes, asked of the process that captures. */
export function liveHandlers({ documents, targets, live }: LiveWorld): Handlers<'liveList' | 'liveCapture' | 'liveDump' | 'liveChanges'> {
  const bytes = new LiveBytes()
  const seeds = new Map<string, number>()
  const digestsOf = new Map<string, PageDigests>()
  const seedOf = (series: string): number => {
    const seed = seeds.get(series) ?? randomInt(2 ** 31)
    seeds.set(series, seed)
    return seed
  }
  const side = (id: string) => {
    const { content } = documents.get(id)
    if (content.kind !== 'snapshot') throw new HeapscapeError('document-wrong-kind', { expected: 'snapshot', got: content.kind })
    return { snapshot: content, digests: digestsOf.get(id) ?? null }
  }
  return {
    liveList: (_params, job) => live.request('list', {}, job),
    liveCapture: async ({ series, ...request }, job) => {
      const bytesPath = request.keepBytes ? bytes.path() : null
      let source: FileSource | undefined
      try {
        const packed = await live.request('capture', { request: { ...request, digest: series === null ? null : { seed: seedOf(series) }, longestSuspensionMs: DEFAULT_SUSPENSION_MS }, bytesPath }, job)
        source = bytesPath === null || packed.ranges === null ? undefined : new FileSource(bytesPath, packed.snapshot.origin.file)
        const { snapshot, facts, digests } = unpackCapture(packed, source)
        let id = ''
        const release = (): void => {
          source?.close()
          if (bytesPath !== null) bytes.drop(bytesPath)
          digestsOf.delete(id)
        }
        const summary = await documents.add(snapshot, async (documentId, views) => ({ ...((await describeDocument(documentId, snapshot, views, { saved: false, view: null }, job)) as SnapshotDocument), live: facts }), release)
        id = summary.id
        if (digests !== null) digestsOf.set(id, digests)
        return summary
      } catch (error) {
        source?.close()
        if (bytesPath !== null) bytes.drop(bytesPath)
        throw error
      }
    },
    liveDump: async ({ pid, startedAt, targetId }, job) => {
      const { path, name } = targets.get(targetId)
      await live.request('dump', { pid, startedAt, path }, job)
      return { name }
    },
    liveChanges: ({ a, b }) => liveChanges(side(a), side(b)),
  }
}
