import path from 'node:path'
import { HeapscapeError } from '../../shared/base/errors'
import type { LastSession, RunningSession, SessionItem } from '../../shared/ipc/session-items'
import type { AppFacts, HostApi, OpenedFolder, OpenedSource, RecentFile, SaveTarget, Settings, SettingsChange } from '../../shared/ipc/host-api'
import { listFolder } from '../files/list-folder'
import type { RecentFiles } from '../files/recent-files'
import type { SessionRecord, StoredSession } from '../recovery/session-record'
import type { SettingsRecord, SettingsStore } from '../settings/settings-store'
import type { Deliveries } from './deliveries'
import type { Places, SourcePlace, TargetPlace } from './places'
import { withoutPath } from './places'

/** What the service needs from its surroundings. */
export interface HostSurroundings {
  readonly places: Places
  readonly recent: RecentFiles
  readonly settings: SettingsStore
  readonly session: SessionRecord
  readonly deliveries: Deliveries
  readonly facts: AppFacts
  /** Paths the user picked; empty when dismissed. */
  chooseFiles(): Promise<readonly string[]>
  /** Null when dismissed. */
  chooseFolder(): Promise<string | null>
  /** Null when dismissed. */
  chooseTarget(suggestedName: string): Promise<string | null>
  /** A folder to write into; null when dismissed. */
  chooseTargetFolder(): Promise<string | null>
  registerSource(source: SourcePlace): Promise<void>
  registerTarget(target: TargetPlace): Promise<void>
  /** The settings or the recent list are different now. */
  changed(): void
  painted(): void
  restartElevated(): Promise<void>
}

/** Everything a window may ask of main. Each method is called with a checked request (request-checks.ts). */
export class HostService implements HostApi {
  readonly #at: HostSurroundings
/** Titles of open documents that only saving keeps. */
  unkept: readonly string[] = []
  #isRestored = false
  #isOfGonePage = false

  constructor(surroundings: HostSurroundings) {
    this.#at = surroundings
  }

  /** Makes the engine know the files; then they may be shown to a window. */
  async admit(places: readonly SourcePlace[]): Promise<readonly OpenedSource[]> {
    await Promise.all(places.map((place) => this.#at.registerSource(place)))
    return places.map(withoutPath)
  }

  async openDialog(): Promise<readonly OpenedSource[]> {
    const files = await this.#at.chooseFiles()
    return this.#at.deliveries.firstOf(await this.admit(files.map((file) => this.#at.places.addSource(file))))
  }

  async openFolderDialog(): Promise<OpenedFolder | null> {
    const folder = await this.#at.chooseFolder()
    if (folder === null) return null
    const { files, leftOut } = await listFolder(folder)
    const sources = await this.admit(files.map(({ path: file, below }) => this.#at.places.addSource(file, { below })))
    return { name: path.basename(folder), sources, leftOut }
  }

  /** Files dropped on a place that takes them for itself; a folder stands for what lies in it. */
  async admitDrop(files: readonly string[], dropTarget: string): Promise<readonly OpenedSource[]> {
    const places: SourcePlace[] = []
    for (const file of files) {
      const listed = await listFolder(file)
      if (listed.isFolder) for (const inside of listed.files) places.push(this.#at.places.addSource(inside.path, { below: `${path.basename(file)}/${inside.below}`, dropTarget }))
      else places.push(this.#at.places.addSource(file, { dropTarget }))
    }
    return this.admit(places)
  }

  async saveDialog({ suggestedName }: { suggestedName: string }): Promise<SaveTarget | null> {
    return this.#admitTarget(await this.#at.chooseTarget(path.basename(suggestedName)))
  }

  async openDatasetDialog(): Promise<OpenedSource | null> {
    const folder = await this.#at.chooseFolder()
    if (folder === null) return null
    const [source] = await this.admit([this.#at.places.addSource(folder)])
    return source!
  }

  async saveFolderDialog(): Promise<SaveTarget | null> {
    return this.#admitTarget(await this.#at.chooseTargetFolder())
  }

  async #admitTarget(file: string | null): Promise<SaveTarget | null> {
    if (file === null) return null
    const place = this.#at.places.addTarget(file)
    await this.#at.registerTarget(place)
    return { targetId: place.targetId, name: place.name }
  }

  async recentFiles(): Promise<readonly RecentFile[]> {
    const before = this.#at.recent.remembered()
    const files = await this.#at.recent.list()
    if (this.#at.recent.remembered() !== before) this.#at.changed()
    return files.map((file) => ({
      recentId: file.id,
      name: path.basename(file.path),
      folder: path.basename(path.dirname(file.path)),
      sizeBytes: file.sizeBytes,
      openedAt: file.openedAt,
    }))
  }

  async openRecent({ recentId }: { recentId: string }): Promise<OpenedSource> {
    const file = this.#at.recent.pathOf(recentId)
    if (file === null) throw new HeapscapeError('file-unreadable', { detail: 'it is no longer in the list of recent files' })
    const sources = await this.admit([this.#at.places.addSource(file)])
    return sources[0]!
  }

  async clearRecent(): Promise<void> {
    this.#at.recent.clear()
    this.#at.changed()
  }

  async settings(): Promise<Settings> {
    return withoutWindow(this.#at.settings.get())
  }

  async changeSettings(patch: SettingsChange): Promise<Settings> {
    const settings = this.#at.settings.change(patch as Partial<SettingsRecord>)
    this.#at.changed()
    return withoutWindow(settings)
  }

  async appFacts(): Promise<AppFacts> {
    return this.#at.facts
  }

  /** @throws HeapscapeError `message-invalid` for an id nobody gave out, `file-unwritable`. */
  async keepSession({ items, unkept }: { items: RunningSession; unkept: readonly string[] }): Promise<void> {
    this.unkept = unkept
    this.#at.session.keep(items.map((item) => (item.kind === 'source' ? { ...item, source: this.#pathOf(item.source) } : item)) as StoredSession['items'])
  }

  /** The page's process failed: the next page may make what was open again. */
  pageGone(): void {
    this.unkept = []
    if (!this.#at.session.pageGone()) return
    this.#isOfGonePage = true
    this.#isRestored = false
  }

  async lastSession(): Promise<LastSession | null> {
    const { last } = this.#at.session
    if (last === null || this.#isRestored) return null
    return { ended: last.ended ? 'closed' : this.#isOfGonePage ? 'page-crashed' : 'program-crashed', titles: last.items.map((_, at) => titleOf(last.items, at)) }
  }

  async restoreSession(): Promise<readonly SessionItem<OpenedSource>[]> {
    const items = this.#isRestored ? [] : (this.#at.session.last?.items ?? [])
    this.#isRestored = true
    const restored: SessionItem<OpenedSource>[] = []
    for (const item of items) {
      if (item.kind !== 'source') restored.push(item)
      else restored.push({ ...item, source: (await this.admit([this.#at.places.addSource(item.source)]))[0]! })
    }
    return restored
  }

  #pathOf(source: { readonly sourceId: string } | { readonly targetId: string }): string {
    const found = 'sourceId' in source ? this.#at.places.sourcePath(source.sourceId) : this.#at.places.targetPath(source.targetId)
    if (found === null) throw new HeapscapeError('message-invalid', { detail: 'keepSession: no file is registered under this id' })
    return found
  }

  async windowReady(): Promise<readonly OpenedSource[]> {
    return this.#at.deliveries.takeWaiting()
  }

  async painted(): Promise<void> {
    this.#at.painted()
  }

  restartElevated(): Promise<void> {
    return this.#at.restartElevated()
  }
}

/** Where the window stands is no business of the page. */
function withoutWindow({ theme, contrast, layout, filters, keys, tourSeen, askBeforeClosing }: SettingsRecord): Settings {
  return { theme, contrast, layout, filters, keys, tourSeen, askBeforeClosing }
}

function titleOf(items: StoredSession['items'], at: number): string {
  const item = items[at]!
  if (item.kind === 'source') return path.basename(item.source)
  if (item.kind === 'workload') return item.workload
  return `${item.heap} on ${'item' in item.input ? titleOf(items, item.input.item) : item.input.workload}`
}
