import { host } from '../client/host-client'
import type { OpenPart } from '../../shared/ipc/engine-api'
import type { Contrast, OpenedSource, SaveTarget, Theme } from '../../shared/ipc/host-api'
import { registerCommands, type Command } from '../stores/commands'
import { useComparisons } from '../stores/comparisons'
import { useDialogs } from '../stores/dialogs'
import { useDock } from '../stores/dock'
import { useDocuments, type DocumentEntry } from '../stores/documents'
import { useRecentFiles } from '../stores/recent-files'
import { useScripts } from '../stores/scripts'
import { useSession } from '../stores/session'
import { useSettings } from '../stores/settings'
import { useTour } from '../stores/tour'
import { moveToRegion } from './regions'

/** Files dropped on a comparison go to it; of each other source it, or `part` of it, opens in a tab of its own. Fulfils when all are open or failed. */
export async function openSources(sources: readonly OpenedSource[], part: OpenPart = {}): Promise<void> {
  const target = sources[0]?.dropTarget
  if (target !== undefined && useComparisons().takeDrop(target, sources)) return
  const documents = useDocuments()
  const dock = useDock()
  const scripts = useScripts()
  const show = ({ entryId, loaded }: ReturnType<typeof documents.open>): Promise<void> => {
    const entry = documents.find(entryId)
    if (entry !== undefined) dock.showEntry(entry)
    return loaded
  }
  const opening = sources.map(async (source) => {
    try {
      if (await scripts.open(source)) return
    } catch (error) {
      // A tab of its own says what is wrong with it, as for any file.
      return show(documents.open({ kind: 'made', title: source.name, make: () => Promise.reject(error as Error) }))
    }
    return show(documents.open({ kind: 'source', source, part }))
  })
  await Promise.all(opening)
  await useRecentFiles().load()
}

const suggestedName = (entry: DocumentEntry): string => `${entry.title.replace(/[^\w.+-]+/g, '-').replace(/\.heapscape$/, '')}.heapscape`

async function save(asNew: boolean): Promise<void> {
  const documents = useDocuments()
  const { activeEntry: entry, activeId, activeViewId } = useDock()
  const scripts = useScripts()
  if (activeId !== null && scripts.canSave(activeId)) return scripts.save(activeId, (suggestedName) => host.saveDialog({ suggestedName }), asNew)
  if (entry === undefined || entry.state !== 'open') return
  const target: SaveTarget | null = (asNew ? null : entry.target) ?? (await host.saveDialog({ suggestedName: suggestedName(entry) }))
  if (target !== null) await documents.save(entry.id, target, activeViewId ?? undefined)
}

function compare(): void {
  const { runs, dumps } = useDocuments()
  // Two of a kind leave nothing to choose, unless there are two of both.
  const [a, b, ...more] = runs.length > 0 && dumps.length > 1 ? [] : runs.length > 0 ? runs : dumps
  if (a !== undefined && b !== undefined && more.length === 0) useDock().showCompare({ a: a.id, b: b.id })
  else useDialogs().show('compare')
}

function fileCommands(): Command[] {
  const dock = useDock()
  const hasTab = (): boolean => dock.activeId !== null
  const isOpen = (): boolean => dock.activeEntry?.state === 'open' || useScripts().canSave(dock.activeId)
  return [
    { id: 'file.open', title: 'Open a file', group: 'File', keys: ['$mod+KeyO'], run: async () => openSources(await host.openDialog()) },
    { id: 'file.openPart', title: 'Open a part of a trace', group: 'File', keys: ['$mod+Alt+KeyO'], run: () => useDialogs().show('part') },
    { id: 'file.restore', title: 'Restore the last session', group: 'File', enabled: () => useSession().last !== null, run: () => useSession().restore() },
    { id: 'file.reopenLost', title: 'Open again what the engine lost', group: 'File', enabled: () => useDocuments().lost.length > 0, run: () => useDocuments().reopenLost() },
    { id: 'file.save', title: 'Save the document', group: 'File', keys: ['$mod+KeyS'], enabled: isOpen, run: () => save(false) },
    { id: 'file.saveAs', title: 'Save the document under another name', group: 'File', keys: ['$mod+Shift+KeyS'], enabled: isOpen, run: () => save(true) },
    { id: 'file.saveShown', title: 'Save a picture or table', group: 'File', keys: ['$mod+Shift+KeyE'], enabled: hasTab, run: () => useDialogs().show('saveShown') },
    { id: 'file.closeDocument', title: 'Close the document', group: 'File', keys: ['$mod+KeyW'], enabled: () => dock.activeId !== null, run: () => dock.closeActive() },
    { id: 'file.askBeforeClosing', title: 'Ask before closing unsaved captures and calls: turn on or off', group: 'File', run: () => useSettings().setAskBeforeClosing(!useSettings().askBeforeClosing) },
    { id: 'file.clearRecent', title: 'Clear the list of recent files', group: 'File', run: () => useRecentFiles().clear() },
  ]
}

function workCommands(): Command[] {
  const dock = useDock()
  const simulate = (): void => {
    const summary = dock.activeEntry?.summary
    dock.showSimulate(summary?.kind === 'trace' ? { documentId: summary.id } : {})
  }
  const whatIf = (): void => {
    const summary = dock.activeEntry?.summary
    dock.showWhatIf(summary?.kind === 'trace' ? { documentId: summary.id } : {})
  }
  return [
    { id: 'simulate.new', title: 'Simulate a heap', group: 'Simulate', keys: ['$mod+KeyN'], run: simulate },
    { id: 'whatIf.new', title: 'What if: replay traces in many heaps', group: 'What if', keys: ['$mod+KeyI'], run: whatIf },
    { id: 'query.new', title: 'Query a dataset with SQL', group: 'Query', keys: ['$mod+Shift+KeyQ'], run: () => dock.showQuery() },
    { id: 'console.new', title: 'New console', group: 'Console', keys: ['$mod+Shift+KeyN'], run: () => useDialogs().show('console') },
    { id: 'console.version', title: 'Simulated Windows version', group: 'Console', keys: ['$mod+Alt+KeyW'], run: () => useDialogs().show('version') },
    { id: 'walker.new', title: 'New ProcessWalker', group: 'ProcessWalker', keys: ['$mod+Shift+KeyB'], run: () => dock.showWalker() },
    { id: 'live.new', title: 'Capture a running process', group: 'Live', keys: ['$mod+Shift+KeyR'], enabled: () => useSettings().facts?.liveRefusal === null, run: () => dock.showLive() },
    { id: 'lessons.show', title: 'Show the lessons', group: 'View', keys: ['$mod+Shift+KeyL'], run: () => dock.showLessons() },
    { id: 'comparison.new', title: 'New comparison set: sides of many runs or snapshots', group: 'Compare', keys: ['$mod+Shift+KeyM'], run: () => dock.showComparison() },
    { id: 'compare.new', title: 'Compare two runs or dumps', group: 'Compare', keys: ['$mod+KeyM'], run: compare },
  ]
}

function viewCommands(): Command[] {
  const dock = useDock()
  const hasTab = (): boolean => dock.activeId !== null
  const theme = (id: Command['id'], title: string, value: Theme): Command => ({ id, title, group: 'View', run: () => useSettings().setTheme(value) })
  const contrast = (id: Command['id'], title: string, value: Contrast): Command => ({ id, title, group: 'View', run: () => useSettings().setContrast(value) })
  return [
    { id: 'view.palette', title: 'Find a command', group: 'View', keys: ['$mod+KeyK'], run: () => useDialogs().show('palette') },
    { id: 'view.start', title: 'Show the start page', group: 'View', keys: ['$mod+Shift+KeyH'], run: () => dock.showStart() },
    { id: 'view.nextDocument', title: 'Next document', group: 'View', keys: ['Control+Tab'], enabled: hasTab, run: () => dock.step(1) },
    { id: 'view.previousDocument', title: 'Previous document', group: 'View', keys: ['Control+Shift+Tab'], enabled: hasTab, run: () => dock.step(-1) },
    { id: 'view.another', title: 'Open another view of the document', group: 'View', keys: ['$mod+Alt+KeyN'], enabled: () => dock.activeViewId !== null, run: () => dock.showAnotherView() },
    { id: 'view.popOut', title: 'Move the document to its own window, or back', group: 'View', keys: ['$mod+Shift+KeyP'], enabled: hasTab, run: () => dock.popOutActive() },
    { id: 'view.float', title: 'Float the document, or dock it', group: 'View', enabled: hasTab, run: () => dock.floatActive() },
    { id: 'view.resetLayout', title: 'Put all documents in one group', group: 'View', enabled: hasTab, run: () => dock.resetLayout() },
    { id: 'view.nextArea', title: 'Next area of the window', group: 'View', keys: ['F6'], run: () => moveToRegion(1) },
    { id: 'view.previousArea', title: 'Previous area of the window', group: 'View', keys: ['Shift+F6'], run: () => moveToRegion(-1) },
    theme('view.themeSystem', 'Theme of the system', 'system'),
    theme('view.themeLight', 'Light theme', 'light'),
    theme('view.themeDark', 'Dark theme', 'dark'),
    contrast('view.contrastSystem', 'Contrast of the system', 'system'),
    contrast('view.contrastMore', 'High contrast', 'more'),
  ]
}

function helpCommands(): Command[] {
  return [
    { id: 'help.tour', title: 'Take the tour', group: 'Help', run: () => useTour().start() },
    { id: 'help.readings', title: 'Readings of the article: where it contradicts itself', group: 'Help', run: () => useDialogs().show('readings') },
    { id: 'help.shortcuts', title: 'Keyboard shortcuts: list and change', group: 'Help', keys: ['F1'], run: () => useDialogs().show('shortcuts') },
    { id: 'help.about', title: 'About Heapscape', group: 'Help', run: () => useDialogs().show('about') },
  ]
}

/** The commands that do not belong to one document. */
export const registerWindowCommands = (): (() => void) => registerCommands([...fileCommands(), ...workCommands(), ...viewCommands(), ...helpCommands()])
