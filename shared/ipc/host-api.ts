import type { Failure } from '../base/errors'
import type { LastSession, RunningSession, SessionItem } from './session-items'

/*
 * The contract between a window and the main process: dialogs, recent files, settings, shell. The window never sees
 * a path: main keeps the paths and hands out ids.
 */
export interface OpenedSource {
  readonly sourceId: string
  /** File name without folder. */
  readonly name: string
  /** Way below the folder that was chosen or dropped, with slashes and the name at its end; absent for files of their own. */
  readonly below?: string
  /** Where on the page it was dropped: the `data-drop-target` of that place; absent: anywhere. */
  readonly dropTarget?: string
}

/** A folder somebody chose, and what lies in it. */
export interface OpenedFolder {
  readonly name: string
  readonly sources: readonly OpenedSource[]
  /** Files beyond what a folder may hold; they have no id. */
  readonly leftOut: number
}

export interface SaveTarget {
  readonly targetId: string
  readonly name: string
}

export interface RecentFile {
  readonly recentId: string
  readonly name: string
  /** Last folder of the path, to tell equal names apart. */
  readonly folder: string
  readonly sizeBytes: number
  /** ISO 8601. */
  readonly openedAt: string
}

export const THEMES = ['system', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

/** `more`: full-strength texts and lines, wherever the desktop stands. */
export const CONTRASTS = ['system', 'more'] as const
export type Contrast = (typeof CONTRASTS)[number]

export interface Settings {
  readonly theme: Theme
  readonly contrast: Contrast
  /** Dock layout as JSON text, '' for none. */
  readonly layout: string
  /** Conditions on blocks (analysis/filter) kept for any document, the newest first. */
  readonly filters: readonly string[]
  /** Keys the user gave to commands, by command id; an empty list took them away. Commands not named have their own. */
  readonly keys: KeyChoices
  /** The tour was taken or declined. */
  readonly tourSeen: boolean
  /** Ask before the window closes over documents that cannot be made again. */
  readonly askBeforeClosing: boolean
}

/** Bindings (base/key-bindings.ts) by command id. */
export type KeyChoices = Readonly<Record<string, readonly string[]>>
export type SettingsChange = { -readonly [Name in keyof Settings]?: Settings[Name] }

/** Saved filters, and characters of one. */
export const MOST_FILTERS = 100
export const LONGEST_FILTER = 2000

export interface AppFacts {
  readonly version: string
  readonly electron: string
  readonly platform: string
  /** Why running programs cannot be captured here; null where they can. */
  readonly liveRefusal: string | null
  /** True when the old development runtime is in use. */
  readonly developmentRuntime: boolean
}

/** Commands the application menu sends to the focused window; the window's command registry has the same ids. */
export const MENU_COMMANDS = [
  'file.open', 'file.openPart', 'file.restore', 'file.save', 'file.saveAs', 'file.saveShown', 'file.closeDocument', 'file.askBeforeClosing', 'file.clearRecent',
  'simulate.new', 'console.new', 'console.version', 'walker.new', 'live.new', 'lessons.show', 'compare.new', 'comparison.new', 'whatIf.new', 'query.new', 'view.start', 'view.palette', 'view.another', 'view.popOut', 'view.float', 'view.nextDocument', 'view.previousDocument',
  'view.resetLayout', 'view.themeSystem', 'view.themeLight', 'view.themeDark', 'view.contrastSystem', 'view.contrastMore',
  'run.previousEvent', 'run.nextEvent', 'run.first', 'run.last', 'run.peakLive', 'run.peakFootprint', 'run.worstOverhead', 'run.firstFailure',
  'run.play', 'run.playBackwards', 'run.playFaster', 'run.playSlower', 'run.goBack', 'run.goAhead', 'run.previousFailure', 'run.nextFailure', 'run.previousPageChange', 'run.nextPageChange',
  'run.bookmark', 'run.nextBookmark', 'run.previousBookmark', 'run.timelineLines', 'run.timelineTiling',
  'run.explain', 'run.previousGrowth', 'run.nextGrowth', 'run.focusTable',
  'walker.refresh', 'walker.nextChange', 'walker.previousChange', 'walker.onlyChanged', 'walker.keep', 'console.undo', 'console.redo', 'console.runAll',
  'sites.show', 'sites.flame', 'sites.tree', 'sites.turn', 'sites.flip', 'sites.whole', 'sites.search', 'sites.filterSelected', 'sites.clearFilter', 'sites.saveSvg', 'sites.saveCsv',
  'dump.nextHeap', 'dump.previousHeap', 'dump.allHeaps', 'dump.nextFinding', 'dump.previousFinding', 'dump.showBlock', 'dump.search', 'dump.trust',
  'dump.blocks', 'dump.frontEnd', 'dump.free', 'dump.segments', 'dump.pages', 'dump.sizes', 'dump.findings', 'dump.regions', 'dump.owners',
  'live.capture', 'live.refresh', 'live.next', 'live.previous', 'live.stop', 'live.saveDump', 'live.compare', 'live.changes',
  'whatIf.run', 'whatIf.openRun', 'whatIf.baseline', 'whatIf.query', 'whatIf.saveCsv', 'whatIf.saveJson', 'whatIf.saveHtml', 'whatIf.saveDataset',
  'query.open', 'query.run', 'query.cancel', 'query.saveCsv', 'query.saveJson',
  'help.tour', 'help.readings', 'help.shortcuts', 'help.about',
] as const
export type MenuCommand = (typeof MENU_COMMANDS)[number]

export interface HostApi {
  /** Shows the open dialog; empty when dismissed. Of very many files the first, the others come by `onSources`. */
  openDialog(): Promise<readonly OpenedSource[]>
  /** Shows the dialog for a folder; null when dismissed. */
  openFolderDialog(): Promise<OpenedFolder | null>
  /** Null when dismissed. */
  saveDialog(request: { suggestedName: string }): Promise<SaveTarget | null>
  /** A folder to read as a whole, as a dataset; null when dismissed. */
  openDatasetDialog(): Promise<OpenedSource | null>
  /** A folder to write several files into; null when dismissed. */
  saveFolderDialog(): Promise<SaveTarget | null>
  recentFiles(): Promise<readonly RecentFile[]>
  openRecent(request: { recentId: string }): Promise<OpenedSource>
  clearRecent(): Promise<void>
  settings(): Promise<Settings>
  changeSettings(patch: SettingsChange): Promise<Settings>
  appFacts(): Promise<AppFacts>
  /** What is open now, so that it can be made again after a crash; `unkept` are the titles of what cannot. */
  keepSession(request: { items: RunningSession; unkept: readonly string[] }): Promise<void>
  /** What the program, or the page before this one, had open; null when nothing, or when it was restored already. */
  lastSession(): Promise<LastSession | null>
  /** Gives the files of that session ids; files that are gone keep their place and fail when opened. */
  restoreSession(): Promise<readonly SessionItem<OpenedSource>[]>
  /** The window can take sources and commands now; answers the sources waiting (command line), of very many the first. */
  windowReady(): Promise<readonly OpenedSource[]>
  /** Everything opened so far is painted; `--screenshot` waits for it. */
  painted(): Promise<void>
  /** Starts this program again as administrator, after Windows has asked; this one then ends. Windows only. */
  restartElevated(): Promise<void>
}

export const HOST_METHODS = [
  'openDialog', 'openFolderDialog', 'openDatasetDialog', 'saveDialog', 'saveFolderDialog', 'recentFiles', 'openRecent', 'clearRecent', 'settings', 'changeSettings', 'appFacts', 'keepSession', 'lastSession', 'restoreSession', 'windowReady', 'painted', 'restartElevated',
] as const satisfies readonly (keyof HostApi)[]

/** Answers of host calls travel as data so that error codes survive. */
export type HostAnswer = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: Failure }

/** What preload puts on `window.host`. */
export interface HostBridge {
  call(method: keyof HostApi, request: unknown): Promise<HostAnswer>
  /** Files dropped or handed over by a second start, very many of them in several calls. Returns a function that stops listening. */
  onSources(listener: (sources: readonly OpenedSource[]) => void): () => void
  onCommand(listener: (command: MenuCommand) => void): () => void
}

/** `window.postMessage` data with which preload hands the engine's port (ports[0]) to the page; again after an engine restart. */
export const ENGINE_PORT_MESSAGE = 'heapscape:engine-port'
