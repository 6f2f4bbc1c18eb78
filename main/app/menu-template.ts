import type { MenuItemConstructorOptions } from 'electron'
import { acceleratorOf } from '../../shared/base/key-bindings'
import type { Contrast, KeyChoices, MenuCommand, Theme } from '../../shared/ipc/host-api'

export interface MenuState {
  readonly isMac: boolean
  /** Shows the tools of a developer. */
  readonly isDevelopment: boolean
  readonly theme: Theme
  readonly contrast: Contrast
  readonly askBeforeClosing: boolean
  /** Keys the user chose stand in place of an item's own. */
  readonly keys: KeyChoices
  /** Why running programs cannot be captured here; null where they can. */
  readonly liveRefusal: string | null
  readonly recent: readonly { readonly id: string; readonly label: string }[]
}

export interface MenuActions {
  send(command: MenuCommand): void
  openRecent(id: string): void
}

const separator: MenuItemConstructorOptions = { type: 'separator' }

/**
 * The whole menu as data. The id of an item that sends a command is the command itself. Single characters
 * are shown but not registered as keys: they belong to the page, which knows whether a text field has the focus. macOS registers
 * every key that is shown, so there they are left out.
 */
export function buildMenuTemplate(state: MenuState, actions: MenuActions): MenuItemConstructorOptions[] {
  const item = (command: MenuCommand, label: string, key?: string): MenuItemConstructorOptions => ({
    id: command,
    label,
    click: () => actions.send(command),
    ...keyOf(keyInForce(command, key, state.keys), state.isMac),
  })
  const menus = [fileMenu(state, actions, item), editMenu(), viewMenu(state, item), runMenu(item), sitesMenu(item), processMenu(item), dumpMenu(item), whatIfMenu(item), windowMenu(state), helpMenu(state, item)]
  return state.isMac ? [macMenu(item), ...menus] : menus
}

type Item = (command: MenuCommand, label: string, key?: string) => MenuItemConstructorOptions

/** A command that has no keys of its own may have been given some. */
function keyInForce(command: MenuCommand, key: string | undefined, choices: KeyChoices): string | undefined {
  const chosen = choices[command]
  if (chosen === undefined) return key
  return chosen[0] === undefined ? undefined : (acceleratorOf(chosen[0]) ?? undefined)
}

function keyOf(key: string | undefined, isMac: boolean): MenuItemConstructorOptions {
  if (key === undefined) return {}
  const isCharacter = key.length === 1
  if (!isCharacter) return { accelerator: key }
  return isMac ? {} : { accelerator: key, registerAccelerator: false }
}

function macMenu(item: Item): MenuItemConstructorOptions {
  return { role: 'appMenu', submenu: [item('help.about', 'About Heapscape'), separator, { role: 'services' }, separator, { role: 'hide' }, { role: 'hideOthers' }, { role: 'unhide' }, separator, { role: 'quit' }] }
}

function fileMenu(state: MenuState, actions: MenuActions, item: Item): MenuItemConstructorOptions {
  return {
    label: '&File',
    submenu: [
      item('file.open', '&Open...', 'CmdOrCtrl+O'),
      item('file.openPart', 'Open a &Part of a Trace...', 'CmdOrCtrl+Alt+O'),
      item('file.restore', 'Restore the &Last Session'),
      { id: 'recent', label: 'Open &Recent', submenu: recentItems(state, actions, item) },
      separator,
      item('file.save', '&Save', 'CmdOrCtrl+S'),
      item('file.saveAs', 'Save &As...', 'CmdOrCtrl+Shift+S'),
      item('file.saveShown', 'Save Picture or &Table...', 'CmdOrCtrl+Shift+E'),
      separator,
      item('simulate.new', '&New Simulation', 'CmdOrCtrl+N'),
      item('console.new', 'New Co&nsole...', 'CmdOrCtrl+Shift+N'),
      item('console.version', 'Simulated &Windows Version...', 'CmdOrCtrl+Alt+W'),
      item('walker.new', 'New Process&Walker', 'CmdOrCtrl+Shift+B'),
      liveItem(state, item),
      item('compare.new', 'Co&mpare Runs', 'CmdOrCtrl+M'),
      item('comparison.new', 'New Comparison Se&t', 'CmdOrCtrl+Shift+M'),
      item('whatIf.new', 'New &What-If', 'CmdOrCtrl+I'),
      item('query.new', 'New &Query', 'CmdOrCtrl+Shift+Q'),
      separator,
      item('file.closeDocument', '&Close Document', 'CmdOrCtrl+W'),
      { ...item('file.askBeforeClosing', 'Ask &Before Closing Unsaved Captures and Calls'), type: 'checkbox', checked: state.askBeforeClosing },
      ...(state.isMac ? [] : [separator, { role: 'quit' } satisfies MenuItemConstructorOptions]),
    ],
  }
}

/** An item that cannot work says why in its own label: a disabled one shows no hint. */
function liveItem({ liveRefusal }: MenuState, item: Item): MenuItemConstructorOptions {
  const live = item('live.new', liveRefusal === null ? 'Capture a &Running Process...' : `Capture a &Running Process (${liveRefusal})`, 'CmdOrCtrl+Shift+R')
  return { ...live, enabled: liveRefusal === null }
}

function liveMenu(item: Item): MenuItemConstructorOptions {
  return {
    label: 'Running Process',
    submenu: [
      item('live.capture', '&Capture'),
      item('live.stop', '&Stop the Series'),
      item('live.previous', '&Previous Capture', 'Alt+,'),
      item('live.next', '&Next Capture', 'Alt+.'),
      item('live.changes', 'What C&hanged'),
      item('live.compare', 'Compare With the Capture &Before'),
      separator,
      item('live.refresh', '&Refresh the List'),
      item('live.saveDump', 'Save a &Dump...'),
    ],
  }
}

function recentItems(state: MenuState, actions: MenuActions, item: Item): MenuItemConstructorOptions[] {
  if (state.recent.length === 0) return [{ label: 'No recent files', enabled: false }, separator, { ...item('file.clearRecent', 'Clear List'), enabled: false }]
  const files = state.recent.map(({ id, label }) => ({ id: `recent:${id}`, label: label.replaceAll('&', '&&'), click: () => actions.openRecent(id) }))
  return [...files, separator, item('file.clearRecent', 'Clear List')]
}

function editMenu(): MenuItemConstructorOptions {
  return { label: '&Edit', submenu: [{ role: 'undo' }, { role: 'redo' }, separator, { role: 'cut' }, { role: 'copy' }, { role: 'paste' }, { role: 'delete' }, separator, { role: 'selectAll' }] }
}

function viewMenu(state: MenuState, item: Item): MenuItemConstructorOptions {
  const theme = (command: MenuCommand, label: string, value: Theme): MenuItemConstructorOptions => ({ ...item(command, label), type: 'radio', checked: state.theme === value })
  const contrast = (command: MenuCommand, label: string, value: Contrast): MenuItemConstructorOptions => ({ ...item(command, label), type: 'radio', checked: state.contrast === value })
  return {
    label: '&View',
    submenu: [
      item('view.palette', 'Command &Palette...', 'CmdOrCtrl+K'),
      item('view.start', '&Start Page', 'CmdOrCtrl+Shift+H'),
      separator,
      item('view.nextDocument', '&Next Document', 'Ctrl+Tab'),
      item('view.previousDocument', '&Previous Document', 'Ctrl+Shift+Tab'),
      item('view.another', '&Another View of the Document', 'CmdOrCtrl+Alt+N'),
      item('view.popOut', 'Move to Own &Window', 'CmdOrCtrl+Shift+P'),
      item('view.float', '&Float'),
      item('view.resetLayout', '&Reset Layout'),
      separator,
      { label: '&Contrast', submenu: [contrast('view.contrastSystem', '&System', 'system'), contrast('view.contrastMore', '&High', 'more')] },
      { label: '&Theme', submenu: [theme('view.themeSystem', '&System', 'system'), theme('view.themeLight', '&Light', 'light'), theme('view.themeDark', '&Dark', 'dark')] },
      separator,
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      { role: 'togglefullscreen' },
    ],
  }
}

function runMenu(item: Item): MenuItemConstructorOptions {
  return {
    label: '&Run',
    submenu: [
      item('run.previousEvent', '&Previous Event', '['),
      item('run.nextEvent', '&Next Event', ']'),
      item('run.first', '&First Event', 'Alt+Home'),
      item('run.last', '&Last Event', 'Alt+End'),
      separator,
      item('run.peakLive', 'Peak of &Live Bytes', 'Alt+1'),
      item('run.peakFootprint', 'Peak &Footprint', 'Alt+2'),
      item('run.worstOverhead', 'Worst &Overhead', 'Alt+3'),
      item('run.firstFailure', 'First Failed &Request', 'Alt+4'),
      separator,
      item('run.previousFailure', 'Previous Failed Request'),
      item('run.nextFailure', 'Next F&ailed Request'),
      item('run.previousPageChange', 'Previous Change of the Page', 'Alt+PageUp'),
      item('run.nextPageChange', 'Next Change of the Pa&ge', 'Alt+PageDown'),
      item('run.goBack', 'Bac&k', 'Alt+Left'),
      item('run.goAhead', 'For&ward', 'Alt+Right'),
      separator,
      item('run.play', 'Pla&y or Pause', 'K'),
      item('run.playBackwards', 'Play Backwar&ds', 'J'),
      item('run.playFaster', 'Fa&ster', '.'),
      item('run.playSlower', 'Slowe&r', ','),
      separator,
      item('run.bookmark', 'Book&mark...', 'B'),
      item('run.nextBookmark', 'Next Bookmark', 'F2'),
      item('run.previousBookmark', 'Previous Bookmark', 'Shift+F2'),
      separator,
      item('run.timelineLines', 'Timeline as L&ines'),
      item('run.timelineTiling', 'Timeline as Tili&ng'),
      separator,
      item('run.explain', 'E&xplain Block and Growth', 'W'),
      item('run.previousGrowth', 'Pre&vious Change of Memory'),
      item('run.nextGrowth', 'Nex&t Change of Memory'),
      item('run.focusTable', 'Go to the &Block Table'),
    ],
  }
}

function sitesMenu(item: Item): MenuItemConstructorOptions {
  return {
    label: '&Call Sites',
    submenu: [
      item('sites.show', '&Show Call Sites', 'CmdOrCtrl+Shift+F'),
      item('sites.flame', '&Flame Graph'),
      item('sites.tree', '&Tree'),
      item('sites.turn', 'T&op-Down or Bottom-Up', 'CmdOrCtrl+Shift+U'),
      item('sites.flip', 'Root at Foot or at Top'),
      item('sites.whole', '&Zoom Out to All'),
      separator,
      item('sites.search', 'S&earch Functions'),
      item('sites.filterSelected', '&Only Selected Function', 'CmdOrCtrl+Shift+O'),
      item('sites.clearFilter', '&Remove Site Filter'),
      separator,
      item('sites.saveSvg', 'Save as S&VG...'),
      item('sites.saveCsv', 'Save as &CSV...'),
    ],
  }
}

function processMenu(item: Item): MenuItemConstructorOptions {
  return {
    label: '&Process',
    submenu: [
      item('console.redo', '&Step a Line', 'F10'),
      item('console.undo', '&Undo a Line', 'F9'),
      item('console.runAll', 'Run &All Lines', 'CmdOrCtrl+Return'),
      separator,
      item('walker.refresh', '&Refresh ProcessWalker', 'F5'),
      item('walker.nextChange', '&Next Change', 'F3'),
      item('walker.previousChange', '&Previous Change', 'Shift+F3'),
      item('walker.onlyChanged', '&Only Changes'),
      item('walker.keep', '&Keep This Moment'),
      separator,
      liveMenu(item),
    ],
  }
}

function dumpMenu(item: Item): MenuItemConstructorOptions {
  return {
    label: '&Dump',
    submenu: [
      item('dump.nextHeap', '&Next Heap', 'Alt+Down'),
      item('dump.previousHeap', '&Previous Heap', 'Alt+Up'),
      item('dump.allHeaps', '&All Heaps'),
      separator,
      item('dump.nextFinding', 'Next &Finding', 'F8'),
      item('dump.previousFinding', 'Previous F&inding', 'Shift+F8'),
      item('dump.showBlock', 'Show Block in &Map'),
      item('dump.search', '&Search Bytes...'),
      item('dump.trust', 'How Far to &Trust the Heap'),
      separator,
      item('dump.blocks', '&Blocks'),
      item('dump.frontEnd', 'Front &End'),
      item('dump.free', 'F&ree Blocks by Size'),
      item('dump.segments', 'Se&gments'),
      item('dump.pages', 'Pa&ges'),
      item('dump.sizes', 'Si&zes'),
      item('dump.findings', 'Fin&dings'),
      item('dump.regions', 'Regi&ons'),
      item('dump.owners', 'Mod&ules'),
    ],
  }
}

function whatIfMenu(item: Item): MenuItemConstructorOptions {
  return {
    label: 'W&hat-If',
    submenu: [
      item('whatIf.run', '&Run or Resume the Sweep'),
      item('whatIf.openRun', '&Open the Chosen Run'),
      item('whatIf.baseline', 'Measure Against the &Chosen Heap'),
      item('whatIf.query', '&Query the Runs'),
      separator,
      item('whatIf.saveCsv', 'Save Ranking as &CSV...'),
      item('whatIf.saveJson', 'Save All as &JSON...'),
      item('whatIf.saveHtml', 'Save &Report as HTML...'),
      item('whatIf.saveDataset', 'Save Parquet &Dataset...'),
      separator,
      item('query.open', 'Open Dataset &Folder...'),
      item('query.run', 'R&un Query'),
      item('query.cancel', 'C&ancel Query'),
      item('query.saveCsv', 'Save Query Result as C&SV...'),
      item('query.saveJson', 'Save Query Result as JSO&N...'),
    ],
  }
}

function windowMenu(state: MenuState): MenuItemConstructorOptions {
  return { role: 'window', submenu: state.isMac ? [{ role: 'minimize' }, { role: 'zoom' }, separator, { role: 'front' }] : [{ role: 'minimize' }] }
}

function helpMenu(state: MenuState, item: Item): MenuItemConstructorOptions {
  return {
    role: 'help',
    submenu: [
      item('lessons.show', '&Lessons', 'CmdOrCtrl+Shift+L'),
      item('help.tour', 'Take the &Tour'),
      item('help.readings', '&Readings of the Article'),
      separator,
      item('help.shortcuts', '&Keyboard Shortcuts', 'F1'),
      ...(state.isMac ? [] : [item('help.about', '&About Heapscape')]),
      ...(state.isDevelopment ? [separator, { role: 'reload' } satisfies MenuItemConstructorOptions, { role: 'toggleDevTools' } satisfies MenuItemConstructorOptions] : []),
    ],
  }
}
