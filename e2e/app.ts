import { _electron, expect } from '@playwright/test'
import type { ElectronApplication, Page } from '@playwright/test'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { MenuCommand } from '../shared/ipc/host-api'

/*
 * Starts the built application in the Electron that ELECTRON_OVERRIDE_DIST_PATH names, each time with a folder of user
 * data of its own. No executablePath is given to Playwright: only then does it load its helper into Electron.
 */
export interface LaunchOptions {
  /** Paths to open, as on the command line. */
  readonly files?: readonly string[]
  /** Folder of user data; a temporary one when absent. Give the same folder twice to test what is remembered. */
  readonly userData?: string
  readonly args?: readonly string[]
}

export interface RunningApp {
  readonly app: ElectronApplication
  /** The main window's page. */
  readonly page: Page
  readonly userData: string
  /** Errors of the main window's page and its console since the start. */
  readonly complaints: readonly string[]
  forgetComplaints(): void
  /** Closes the application and waits for its end. */
  close(): Promise<void>
}

export const projectFolder = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
/** Pictures of a run lie among its reports; HEAPSCAPE_KEEP_SCREENS=1 renews the reviewed ones, which are committed. */
const screensFolder = path.join(projectFolder, process.env['HEAPSCAPE_KEEP_SCREENS'] === '1' ? 'e2e/screens' : 'out/reports/screens')

/** The sandbox of Chromium refuses to run as root. */
const sandboxArguments = process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : []

const temporaryFolders: string[] = []
process.once('exit', () => temporaryFolders.forEach((folder) => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 3 })))

/** An empty folder that goes away when the tests end. */
export function temporaryFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'heapscape-e2e-'))
  temporaryFolders.push(folder)
  return folder
}

/** The environment of the application under test; an Electron started as plain Node would show nothing. */
export function appEnvironment(userData: string): Record<string, string> {
  const inherited = Object.entries(process.env).filter(([name, value]) => value !== undefined && name !== 'ELECTRON_RUN_AS_NODE')
  return { ...(Object.fromEntries(inherited) as Record<string, string>), ...ownDisplay(), HEAPSCAPE_USER_DATA: userData }
}

/** The display of this worker, one of those the command made; nothing on a machine with a display. */
function ownDisplay(): Record<string, string> {
  const displays = process.env['HEAPSCAPE_E2E_DISPLAYS']?.split(' ') ?? []
  const own = displays[Number(process.env['TEST_PARALLEL_INDEX'] ?? 0) % displays.length]
  return own === undefined ? {} : { DISPLAY: own }
}

export async function launchApp({ files = [], userData = temporaryFolder(), args = [] }: LaunchOptions = {}): Promise<RunningApp> {
  const app = await _electron.launch({ args: [...sandboxArguments, projectFolder, ...args, ...files], cwd: projectFolder, env: appEnvironment(userData) })
  const page = await app.firstWindow()
  const complaints: string[] = []
  page.on('pageerror', ({ message }) => complaints.push(message))
  page.on('console', (message) => (message.type() === 'error' ? complaints.push(message.text()) : undefined))
  // There is always one: from then on keys and commands are heard.
  await page.locator('[role="tab"]').first().waitFor()
  return { app, page, userData, complaints, forgetComplaints: () => complaints.splice(0), close: () => closeApp(app) }
}

/** Closes without saving, whatever is open: the question of that is a window of the system, which a test cannot answer. */
async function closeApp(app: ElectronApplication): Promise<void> {
  await app.evaluate(({ dialog }) => void (dialog.showMessageBox = () => Promise.resolve({ response: 0, checkboxChecked: false }))).catch(() => undefined)
  await app.close()
}

/** Executable and arguments that start the application without Playwright, to watch its exit code and output. */
export function appCommand(args: readonly string[]): { readonly command: string; readonly args: readonly string[] } {
  const distFolder = process.env['ELECTRON_OVERRIDE_DIST_PATH']
  if (distFolder === undefined) throw new Error('ELECTRON_OVERRIDE_DIST_PATH is not set: run the specs with `npm run e2e`')
  const executables: Partial<Record<NodeJS.Platform, string>> = { win32: 'electron.exe', darwin: 'Electron.app/Contents/MacOS/Electron' }
  return { command: path.join(distFolder, executables[process.platform] ?? 'electron'), args: [...sandboxArguments, projectFolder, ...args] }
}

/** The next open dialogs answer with these paths; none = dismissed. */
export async function stubOpenDialog(app: ElectronApplication, paths: readonly string[]): Promise<void> {
  await app.evaluate(({ dialog }, filePaths) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: filePaths.length === 0, filePaths: [...filePaths] })
  }, paths)
}

/** The next save dialogs answer with this path; null = dismissed. */
export async function stubSaveDialog(app: ElectronApplication, file: string | null): Promise<void> {
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: filePath === null, filePath: filePath ?? '' })
  }, file)
}

/** Drags real files over the page and drops them, through the browser's own drag and drop. */
export async function dropFiles(page: Page, paths: readonly string[], at?: { readonly x: number; readonly y: number }): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const { x, y } = at ?? (await middleOf(page))
  const data = { items: [], files: [...paths], dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) await session.send('Input.dispatchDragEvent', { type, x, y, data })
  await session.detach()
}

function middleOf(page: Page): Promise<{ x: number; y: number }> {
  return page.evaluate(() => ({ x: Math.round(window.innerWidth / 2), y: Math.round(window.innerHeight / 2) }))
}

/** Clicks an item of the application menu: a command, or another id such as `recent:ID`. */
export async function clickMenu(app: ElectronApplication, id: MenuCommand | (string & {})): Promise<void> {
  await app.evaluate(({ Menu }, wanted) => {
    const item = Menu.getApplicationMenu()?.getMenuItemById(wanted)
    if (!item) throw new Error(`The menu has no item ${wanted}`)
    if (!item.enabled) throw new Error(`The menu item ${wanted} is disabled`)
    // Electron types it as any function; without arguments it acts on the focused window, as a click does.
    const click = item.click as () => void
    click.call(item)
  }, id)
}

/** Ids of all commands in the menu, in its order. */
export function menuCommands(app: ElectronApplication): Promise<string[]> {
  return app.evaluate(({ Menu }) => {
    const ids = (menu: Electron.Menu | null | undefined): string[] => (menu?.items ?? []).flatMap((item) => [String(item.id), ...ids(item.submenu)])
    return ids(Menu.getApplicationMenu()).filter((id) => /^[a-z]+\.[A-Za-z]+$/.test(id))
  })
}

/** Labels of the recent files in the menu, newest first. */
export function recentMenuLabels(app: ElectronApplication): Promise<string[]> {
  return app.evaluate(({ Menu }) => {
    const items = Menu.getApplicationMenu()?.getMenuItemById('recent')?.submenu?.items ?? []
    return items.filter((item) => String(item.id).startsWith('recent:')).map((item) => item.label)
  })
}

/** Gives the main window's page exactly this size, in CSS pixels. */
export async function resizePage(app: ElectronApplication, page: Page, width: number, height: number): Promise<void> {
  await app.evaluate(({ BrowserWindow }, size) => {
    const window = BrowserWindow.getAllWindows().find((candidate) => !candidate.isDestroyed() && !candidate.webContents.isDestroyed() && candidate.webContents.getURL().includes('/index.html'))
    if (window?.isMaximized() === true) window.unmaximize()
    window?.setContentSize(size.width, size.height)
  }, { width, height })
  await expect.poll(() => page.evaluate(() => [window.innerWidth, window.innerHeight])).toEqual([width, height])
}

export type Scheme = 'light' | 'dark'
export const SMALL_SCREEN = { width: 1280, height: 800 } as const
export const LARGE_SCREEN = { width: 1920, height: 1080 } as const

export interface ShootOptions {
  readonly schemes?: readonly Scheme[]
  readonly sizes?: readonly { readonly width: number; readonly height: number }[]
}

/** Set by `npm run e2e`; `npm test` leaves out what only an eye would judge, and looks once at what looks alike. */
export const IS_THOROUGH = process.env['HEAPSCAPE_E2E'] === 'thorough'

/**
 * Only `npm run e2e` does it. Writes NAME.png, or NAME-dark-1920x1080.png and so on for what differs from the first of the lists.
 * Needs the theme setting `system`.
 */
export async function shoot({ app, page }: RunningApp, name: string, { schemes = ['light'], sizes = [SMALL_SCREEN] }: ShootOptions = {}): Promise<void> {
  // What comes next meets the same window.
  if (!IS_THOROUGH) return resizePage(app, page, sizes[0]!.width, sizes[0]!.height)
  fs.mkdirSync(screensFolder, { recursive: true })
  for (const size of sizes) {
    await resizePage(app, page, size.width, size.height)
    for (const scheme of schemes) {
      await page.emulateMedia({ colorScheme: scheme })
      const marks = [scheme === schemes[0] ? '' : `-${scheme}`, size === sizes[0] ? '' : `-${size.width}x${size.height}`]
      await page.screenshot({ path: path.join(screensFolder, `${name}${marks.join('')}.png`), animations: 'disabled' })
    }
  }
  await page.emulateMedia({ colorScheme: null })
}
