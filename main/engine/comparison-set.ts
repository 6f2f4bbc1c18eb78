import { HeapscapeError } from '../../shared/base/errors'
import type { Failure } from '../../shared/base/errors'
import type { MemberViews } from '../../shared/analysis/compare/member-views'
import { primaryFiguresOf, type RunFigures } from '../../shared/analysis/compare/run-figures'
import type { ComparisonEdit, ComparisonMember, ComparisonSet, ComparisonSide, MemberId, NewMember, ReplayChoice, SideId } from '../../shared/ipc/comparison-api'
import { DEFAULT_HEAP } from '../../shared/jobs/compare-members'

/** Where a member comes from: an open document, or a file main has registered. */
export type MemberOrigin = { readonly documentId: string } | { readonly sourceId: string }

export interface SetMember {
  readonly id: MemberId
  readonly origin: MemberOrigin
  readonly title: string
  sideId: SideId
  label: string
  state: ComparisonMember['state']
  isReplayed: boolean
  figures: RunFigures | null
  /** What charts show of it; as long as `figures`. */
  views: MemberViews | null
  failure: Failure | null
}

/** The members and sides of one comparison; knows nothing of how members are opened. */
export class EditedSet {
  readonly id: string
  choice: ReplayChoice = { heap: DEFAULT_HEAP, overrides: {} }
  #revision = 0
  #nextSide = 1
  #nextMember = 1
  #sides: ComparisonSide[] = []
  readonly #members = new Map<MemberId, SetMember>()
  readonly #titleOf: (origin: MemberOrigin) => string

  /** @param titleOf of a document or file; throws when there is none. */
  constructor(id: string, titleOf: (origin: MemberOrigin) => string) {
    this.id = id
    this.#titleOf = titleOf
    this.#addSide()
    this.#addSide()
  }

  edit(edit: ComparisonEdit): void {
    this.#revision++
    switch (edit.kind) {
      case 'add':
        return this.#add(edit.members, edit.sideId === null ? this.#addSide() : this.side(edit.sideId).id)
      case 'add-sides':
        return this.#addSides(edit.sides)
      case 'move': {
        const sideId = edit.sideId === null ? this.#addSide() : this.side(edit.sideId).id
        for (const id of edit.members) this.#moveTo(this.member(id), sideId)
        return
      }
      case 'remove':
        for (const id of edit.members) this.#members.delete(this.member(id).id)
        return
      case 'remove-side':
        return this.#removeSide(edit.sideId)
      case 'rename-side':
        this.#sides = this.#sides.map((side) => (side.id === this.side(edit.sideId).id ? { ...side, name: edit.name.trim() === '' ? side.name : edit.name.trim() } : side))
        return
      case 'reference': {
        const first = this.side(edit.sideId)
        this.#sides = [first, ...this.#sides.filter(({ id }) => id !== first.id)]
        return
      }
      case 'label':
        this.member(edit.memberId).label = edit.label.trim()
        return
      case 'choice':
        return this.#choose(edit.choice)
      case 'retry':
        for (const member of this.#members.values()) if (member.state === 'failed') reset(member)
    }
  }

  side(id: SideId): ComparisonSide {
    const found = this.#sides.find((side) => side.id === id)
    if (found === undefined) throw new HeapscapeError('message-invalid', { detail: `comparison ${this.id} has no side ${id}` })
    return found
  }

  member(id: MemberId): SetMember {
    const found = this.#members.get(id)
    if (found === undefined) throw new HeapscapeError('message-invalid', { detail: `comparison ${this.id} has no member ${id}` })
    return found
  }

  /** The next that has to be measured, in the order shown. */
  get waiting(): SetMember | undefined {
    return this.#inOrder().find(({ state }) => state === 'waiting')
  }

  get counts(): { readonly measured: number; readonly all: number } {
    const all = [...this.#members.values()]
    return { measured: all.filter(({ state }) => state !== 'waiting').length, all: all.length }
  }

  /** Measured members of a side, with one label or all. */
  measured(sideId: SideId, label: string | null): readonly (SetMember & { readonly figures: RunFigures })[] {
    return this.#inOrder().filter((member): member is SetMember & { figures: RunFigures } => member.sideId === sideId && member.figures !== null && (label === null || member.label === label))
  }

  /** Labels of a side, each once, in the order shown. */
  labels(sideId: SideId): readonly string[] {
    return [...new Set(this.#inOrder().flatMap(({ sideId: own, label }) => (own === sideId && label !== '' ? [label] : [])))]
  }

  /** A measurement ended. */
  settle(member: SetMember, outcome: { readonly figures: RunFigures; readonly views: MemberViews; readonly isReplayed: boolean } | { readonly failure: Failure }): void {
    this.#revision++
    if ('failure' in outcome) Object.assign(member, { state: 'failed', figures: null, views: null, failure: outcome.failure })
    else Object.assign(member, { state: 'measured', figures: outcome.figures, views: outcome.views, isReplayed: outcome.isReplayed, failure: null })
  }

  describe(): ComparisonSet {
    return { id: this.id, revision: this.#revision, sides: this.#sides, members: this.#inOrder().map(describeMember), choice: this.choice }
  }

  #inOrder(): SetMember[] {
    const members = [...this.#members.values()]
    return this.#sides.flatMap(({ id }) => members.filter(({ sideId }) => sideId === id))
  }

  #add(members: readonly NewMember[], sideId: SideId): void {
    for (const { label = '', ...origin } of members) {
      const id = `m${this.#nextMember++}`
      this.#members.set(id, { id, origin, title: this.#titleOf(origin), sideId, label, state: 'waiting', isReplayed: false, figures: null, views: null, failure: null })
    }
  }

  #addSides(sides: readonly { readonly name: string; readonly members: readonly NewMember[] }[]): void {
    // Sides nobody has used yet give way to the ones that come with names.
    this.#sides = this.#sides.filter(({ id }) => [...this.#members.values()].some(({ sideId }) => sideId === id))
    for (const { name, members } of sides) this.#add(members, this.#sides.find((side) => side.name === name)?.id ?? this.#addSide(name))
  }

  #addSide(name?: string): SideId {
    const id = this.#nextSide++
    this.#sides = [...this.#sides, { id, name: name ?? this.#freeName() }]
    return id
  }

  /** A, B, ... Z, then numbers. */
  #freeName(): string {
    const taken = new Set(this.#sides.map(({ name }) => name))
    for (let i = 0; ; i++) {
      const name = i < 26 ? String.fromCharCode(65 + i) : `Side ${i + 1}`
      if (!taken.has(name)) return name
    }
  }

  /** To the end of the side: members keep the order in which they came to it. */
  #moveTo(member: SetMember, sideId: SideId): void {
    if (member.sideId === sideId) return
    member.sideId = sideId
    this.#members.delete(member.id)
    this.#members.set(member.id, member)
  }

  #removeSide(sideId: SideId): void {
    const { id } = this.side(sideId)
    for (const member of [...this.#members.values()]) if (member.sideId === id) this.#members.delete(member.id)
    this.#sides = this.#sides.filter((side) => side.id !== id)
    while (this.#sides.length < 2) this.#addSide()
  }

  #choose(choice: ReplayChoice): void {
    if (JSON.stringify(choice) === JSON.stringify(this.choice)) return
    this.choice = choice
    for (const member of this.#members.values()) if (member.isReplayed || member.state === 'failed') reset(member)
  }
}

function reset(member: SetMember): void {
  Object.assign(member, { state: 'waiting', figures: null, views: null, failure: null })
}

function describeMember({ id, sideId, title, label, state, isReplayed, figures, failure }: SetMember): ComparisonMember {
  const kind = figures === null ? null : figures.conditions.timeAxis === 'none' ? 'snapshot' : 'run'
  const [price] = primaryFiguresOf(figures === null ? [] : [figures])
  return { id, sideId, title, label, state, kind, isReplayed, events: kind === 'run' ? figures!.events : null, footprintBytes: figures?.values[price ?? ''] ?? null, failure }
}
