import { HeapscapeError } from '../../shared/base/errors'
import type { DocumentId, DocumentSummary } from '../../shared/ipc/engine-api'
import type { AnyDocument, Run } from '../../shared/model/run'
import type { Profile } from '../../shared/model/profile'
import type { Snapshot } from '../../shared/model/snapshot'
import type { Trace } from '../../shared/model/trace'
import { ProfileViews, RunViews, SnapshotViews, TraceViews, type DocumentViews } from './document-views'

interface OpenDocument {
  readonly content: AnyDocument
  readonly views: DocumentViews
  summary: DocumentSummary
  /** Gives back what the content reads from; undefined when nothing is held. */
  readonly release: (() => void) | undefined
}

/** All open documents by id; their columns live here and nowhere else. */
export class Documents {
  readonly #open = new Map<DocumentId, OpenDocument>()
  #nextNumber = 1

  get count(): number {
    return this.#open.size
  }

  async add<S extends DocumentSummary>(content: AnyDocument, describe: (id: DocumentId, views: DocumentViews) => Promise<S>, release?: () => void): Promise<S> {
    const id = `d${this.#nextNumber++}`
    const views = viewsOf(content)
    const summary = await describe(id, views)
    this.#open.set(id, { content, views, summary, release })
    return summary
  }

  /** What is open, in order of opening. */
  contents(): AnyDocument[] {
    return Array.from(this.#open.values(), ({ content }) => content)
  }

  /** @throws HeapscapeError `document-unknown` */
  get(id: DocumentId): OpenDocument {
    const found = this.#open.get(id)
    if (found === undefined) throw new HeapscapeError('document-unknown', { id })
    return found
  }

  trace(id: DocumentId): Trace {
    return this.#ofKind(id, 'trace')
  }

  run(id: DocumentId): Run {
    return this.#ofKind(id, 'run')
  }

  profile(id: DocumentId): Profile {
    return this.#ofKind(id, 'profile')
  }

  close(id: DocumentId): void {
    const { release } = this.get(id)
    this.#open.delete(id)
    release?.()
  }

  closeAll(): void {
    for (const id of this.#open.keys()) this.close(id)
  }

  #ofKind(id: DocumentId, kind: 'trace'): Trace
  #ofKind(id: DocumentId, kind: 'profile'): Profile
  #ofKind(id: DocumentId, kind: 'run'): Run
  #ofKind(id: DocumentId, kind: 'trace' | 'run' | 'profile'): AnyDocument {
    const { content } = this.get(id)
    if (content.kind !== kind) throw new HeapscapeError('document-wrong-kind', { expected: kind, got: content.kind })
    return content
  }
}

function viewsOf(content: AnyDocument): DocumentViews {
  switch (content.kind) {
    case 'trace':
      return new TraceViews(content)
    case 'run':
      return new RunViews(content)
    case 'snapshot':
      return new SnapshotViews(content as Snapshot)
    case 'profile':
      return new ProfileViews(content)
  }
}
