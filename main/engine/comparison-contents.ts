import { pinBlameSteps } from '../../shared/analysis/metrics/pin-blame'
import { HeapscapeError } from '../../shared/base/errors'
import type { JobContext } from '../../shared/base/job-context'
import { inTurns } from '../../shared/base/steps'
import type { EventNumber } from '../../shared/base/units'
import type { DocumentSummary } from '../../shared/ipc/engine-api'
import { comparableContent, type ComparedContent } from '../../shared/jobs/compare-members'
import { openDocument } from '../../shared/jobs/open-document'
import type { AnyDocument } from '../../shared/model/run'
import type { Snapshot } from '../../shared/model/snapshot'
import { SnapshotCutter } from '../../shared/model/snapshot-at'
import { FileSource } from '../files/file-source'
import type { EditedSet, SetMember } from './comparison-set'
import { describeDocument } from './describe-document'
import type { Documents } from './documents'
import { keepRecent } from './keep-recent'
import type { PathTable } from './path-table'
import { RecentWork } from './recent-work'

/** The two members nearest the medians, and those looked at before: more would not fit beside open documents. */
const CONTENTS_KEPT = 3
const CUTS_KEPT = 4

export interface Cut {
  readonly snapshot: Snapshot
  readonly pins: Float64Array
}

interface OpenedMember {
  readonly key: string
  readonly content: ComparedContent
  readonly isReplayed: boolean
  cutter?: SnapshotCutter
}

interface ShownMember {
  readonly summary: DocumentSummary
  /** False for a document that is open on its own account. */
  readonly isOwn: boolean
}

/** What the members of one set hold: opened when asked for, a few kept, the rest let go. */
export class ComparisonContents {
  readonly #documents: Documents
  readonly #sources: PathTable
  readonly #set: EditedSet
  readonly #opened: OpenedMember[] = []
  #cuts = new RecentWork<Cut>(CUTS_KEPT)
  readonly #shown = new Map<string, ShownMember>()

  constructor(documents: Documents, sources: PathTable, set: EditedSet) {
    this.#documents = documents
    this.#sources = sources
    this.#set = set
  }

  /** @throws HeapscapeError of opening and of replaying */
  async open(member: SetMember, job: JobContext): Promise<OpenedMember> {
    const key = this.#keyOf(member)
    const kept = this.#opened.find((opened) => opened.key === key)
    if (kept !== undefined) return keepRecent(this.#opened, (opened) => opened === kept, () => kept, CONTENTS_KEPT)
    const document = await this.#read(member, job)
    const content = await comparableContent(document, member.title, this.#set.choice, job)
    const opened: OpenedMember = { key, content, isReplayed: document.kind === 'trace' }
    return keepRecent(this.#opened, (other) => other.key === key, () => opened, CONTENTS_KEPT)
  }

  /** @throws HeapscapeError `event-out-of-range`, `document-wrong-kind` */
  async cut(member: SetMember, event: EventNumber | null, job: JobContext): Promise<Cut> {
    const opened = await this.open(member, job)
    const key = `${opened.key} ${event}`
    return this.#cuts.get(key, job, async (shared) => {
      const snapshot = await cutOf(opened, event, shared)
      return { snapshot, pins: await inTurns(pinBlameSteps(snapshot), shared) }
    })
  }

  /** As documents, which every view of documents can show; those shown before and not named are closed. */
  async show(members: readonly SetMember[], job: JobContext): Promise<DocumentSummary[]> {
    const keys = new Set(members.map((member) => this.#keyOf(member)))
    for (const [key, { summary, isOwn }] of this.#shown) {
      if (keys.has(key)) continue
      this.#shown.delete(key)
      if (isOwn) this.#documents.close(summary.id)
    }
    const summaries: DocumentSummary[] = []
    for (const member of members) summaries.push(await this.#show(member, job))
    return summaries
  }

  close(): void {
    for (const { summary, isOwn } of this.#shown.values()) if (isOwn) this.#documents.close(summary.id)
    this.#shown.clear()
    this.#opened.length = 0
    this.#cuts = new RecentWork<Cut>(CUTS_KEPT)
  }

  async #show(member: SetMember, job: JobContext): Promise<DocumentSummary> {
    const key = this.#keyOf(member)
    const shown = this.#shown.get(key)
    if (shown !== undefined) return shown.summary
    const { content } = await this.open(member, job)
    const own = 'documentId' in member.origin ? this.#documents.get(member.origin.documentId) : undefined
    const isOwn = own?.content !== content
    const summary = isOwn ? await this.#documents.add(content, (id, views) => describeDocument(id, content, views, { file: member.title, saved: false, view: null }, job)) : own!.summary
    this.#shown.set(key, { summary, isOwn })
    return summary
  }

  async #read({ origin, title }: SetMember, job: JobContext): Promise<AnyDocument> {
    if ('documentId' in origin) return this.#documents.get(origin.documentId).content
    const source = new FileSource(this.#sources.get(origin.sourceId).path, title)
    try {
      // The bytes behind a dump's blocks are not compared here, so the file need not stay open.
      return (await openDocument(source, { mode: 'compatible' }, job)).document
    } finally {
      source.close()
    }
  }

  /** A replay in another heap is another content. */
  #keyOf({ id }: SetMember): string {
    return `${id} ${JSON.stringify(this.#set.choice)}`
  }
}

async function cutOf(opened: OpenedMember, event: EventNumber | null, job: JobContext): Promise<Snapshot> {
  const { content } = opened
  if (content.kind === 'snapshot') {
    if (event === null) return content
    throw new HeapscapeError('document-wrong-kind', { expected: 'a run', got: 'a snapshot' })
  }
  opened.cutter ??= new SnapshotCutter(content)
  return inTurns(opened.cutter.cutSteps(event ?? content.events), job)
}
