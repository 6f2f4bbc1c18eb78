import type { ElectronApplication, Page } from '@playwright/test'
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import type { HostAnswer, HostBridge, OpenedSource } from '../shared/ipc/host-api'
import { appCommand, appEnvironment, clickMenu, dropFiles, launchApp, menuCommands, recentMenuLabels, stubOpenDialog, stubSaveDialog, temporaryFolder } from './app'
import type { LaunchOptions, RunningApp } from './app'
import { expect, test } from './test'

/* What main and preload promise, seen from the page and from outside: security, files by id, menu, settings, restarts. */

interface TestedWindow extends Window {
  readonly host: HostBridge
  seen: string[]
}
declare const window: TestedWindow

let running: RunningApp[] = []
test.afterEach(async () => {
  for (const { close } of running) await close().catch(() => {})
  running = []
})

async function launch(options?: LaunchOptions): Promise<RunningApp> {
  const started = await launchApp(options)
  running.push(started)
  await waitUntilReady(started)
  return started
}

/** What comes after the first files is sent to the page. */
async function waitUntilReady({ page }: RunningApp): Promise<void> {
  await page.evaluate(() => {
    window.seen = []
    window.host.onSources((sources) => window.seen.push(...sources.map((source) => source.name)))
    window.host.onCommand((command) => window.seen.push(command))
  })
}

const seen = (page: Page): Promise<string[]> => page.evaluate(() => window.seen)

function callHost(page: Page, method: string, request?: unknown): Promise<HostAnswer> {
  return page.evaluate(([name, sent]) => window.host.call(name as 'settings', sent), [method, request] as const)
}

function writeTrace(name = 'tiny.rep'): string {
  const file = path.join(temporaryFolder(), name)
  fs.writeFileSync(file, '20000\n2\n4\n1\na 0 512\na 1 128\nf 0\nf 1\n')
  return file
}

function runApp(args: readonly string[], userData: string) {
  const { command, args: all } = appCommand(args)
  return spawnSync(command, all, { env: appEnvironment(userData), encoding: 'utf8', timeout: 50_000 })
}

test.describe('a page', () => {
  test('is sandboxed, isolated and has nothing of Node or Electron', async ({ sharedApp }) => {
    const { app, page } = sharedApp
    await waitUntilReady(sharedApp)
    const preferences = await app.evaluate(({ webContents }) => {
      const pages = webContents.getAllWebContents() as (Electron.WebContents & { getLastWebPreferences(): Electron.WebPreferences | null })[]
      return pages.map((contents) => contents.getLastWebPreferences())
    })
    expect(preferences).toHaveLength(1)
    expect(preferences[0]).toMatchObject({ sandbox: true, contextIsolation: true, nodeIntegration: false, webSecurity: true })
    expect(await page.evaluate(() => ['require', 'process', 'Buffer', 'module', 'electron', 'ipcRenderer'].filter((name) => name in window))).toEqual([])
    expect(await page.evaluate(() => Object.keys(window.host).sort())).toEqual(['call', 'onCommand', 'onSources'])
    expect(page.url()).toMatch(/^app:\/\/bundle\/index\.html/)
  })

  test('runs no inline code and reaches no network', async ({ sharedApp }) => {
    const { page } = sharedApp
    await waitUntilReady(sharedApp)
    const policy = await page.evaluate(async () => (await fetch('/index.html')).headers.get('content-security-policy'))
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toContain('unsafe')
    const blocked = await page.evaluate(async () => {
      const directives: string[] = []
      document.addEventListener('securitypolicyviolation', (event) => directives.push(event.effectiveDirective))
      const script = document.createElement('script')
      script.textContent = 'window.inlineRan = true'
      document.body.append(script)
      const style = document.createElement('style')
      style.textContent = 'body { outline: 1px solid red }'
      document.head.append(style)
      const reached = await fetch('https://example.org/').then(() => true, () => false)
      script.remove()
      style.remove()
      // The events are tasks of their own.
      await new Promise((resolve) => setTimeout(resolve, 100))
      return { directives: directives.sort(), reached, ran: 'inlineRan' in window }
    })
    expect(blocked).toEqual({ directives: ['connect-src', 'script-src-elem', 'style-src-elem'], reached: false, ran: false })
  })

  test('gets no file outside the bundle', async ({ sharedApp }) => {
    const { page } = sharedApp
    await waitUntilReady(sharedApp)
    const addresses = ['/../package.json', '/..%2f..%2fpackage.json', '/%2e%2e%2fmain%2findex.json', '/..%5c..%5cpackage.json', '/.source-hash', '/nothing.js']
    const answers = await page.evaluate((all) => Promise.all(all.map(async (address) => (await fetch(address)).status)), addresses)
    expect(answers).toEqual(addresses.map(() => 404))
  })

  test('cannot navigate away, open foreign windows or get permissions', async ({ sharedApp }) => {
    const { app, page } = sharedApp
    await waitUntilReady(sharedApp)
    const before = page.url()
    await page.evaluate(() => {
      window.location.href = 'https://example.org/'
    })
    expect(await page.evaluate(() => ['https://example.org/', 'app://bundle/index.html', 'file:///etc/passwd', 'about:blank'].map((url) => window.open(url) === null))).toEqual([true, true, true, true])
    expect(await page.evaluate(async () => Promise.all((['geolocation', 'notifications', 'clipboard-read'] as PermissionName[]).map(async (name) => (await navigator.permissions.query({ name })).state)))).toEqual(['denied', 'denied', 'denied'])
    expect(page.url()).toBe(before)
    expect(app.windows()).toHaveLength(1)
    // It still hears of files and commands.
    await dropFiles(page, [writeTrace('later.rep')])
    await expect.poll(() => seen(page)).toEqual(['later.rep'])
    await clickMenu(app, 'view.start')
    await expect.poll(() => seen(page)).toEqual(['later.rep', 'view.start'])
  })

  test('gets its own page in a second window, without a bridge', async ({ sharedApp }) => {
    const { app, page } = sharedApp
    await waitUntilReady(sharedApp)
    const [popOut] = await Promise.all([app.waitForEvent('window'), page.evaluate(() => void window.open('/popout.html', 'popout', 'width=400,height=300'))])
    await popOut.waitForURL('app://bundle/popout.html')
    expect(await popOut.evaluate(() => [typeof window.host, window.opener !== null])).toEqual(['undefined', true])
    const file = writeTrace('over-there.rep')
    await dropFiles(popOut, [file])
    await expect.poll(() => seen(page)).toEqual(['over-there.rep'])
  })
})

test.describe('the host', () => {
  test('refuses unknown methods and wrong requests with a code', async ({ sharedApp }) => {
    const { page } = sharedApp
    await waitUntilReady(sharedApp)
    for (const [method, request] of [['shell', undefined], ['__proto__', undefined], ['saveDialog', { suggestedName: 'a', path: '/' }], ['changeSettings', { theme: 'sepia' }], ['openRecent', {}]] as const) {
      expect(await callHost(page, method, request)).toMatchObject({ ok: false, error: { code: 'message-invalid' } })
    }
  })

  test('gives names and ids for dialogs and drops, never paths', async ({ sharedApp }) => {
    const { app, page } = sharedApp
    await waitUntilReady(sharedApp)
    const file = writeTrace()
    await stubOpenDialog(app, [file])
    const opened = await callHost(page, 'openDialog')
    expect(opened).toEqual({ ok: true, value: [{ sourceId: expect.stringMatching(/^[\w-]{36}$/) as unknown, name: 'tiny.rep' }] })
    await stubSaveDialog(app, path.join(temporaryFolder(), 'run.heapscape'))
    expect(await callHost(page, 'saveDialog', { suggestedName: 'run.heapscape' })).toMatchObject({ ok: true, value: { name: 'run.heapscape' } })
    await stubOpenDialog(app, [])
    await stubSaveDialog(app, null)
    expect([await callHost(page, 'openDialog'), await callHost(page, 'saveDialog', { suggestedName: 'a' })]).toEqual([{ ok: true, value: [] }, { ok: true, value: null }])
    await dropFiles(page, [file, writeTrace('second.rep')])
    await expect.poll(() => seen(page)).toEqual(['tiny.rep', 'second.rep'])
  })

  test('remembers what the engine opened, and only that', async () => {
    const file = writeTrace('known.rep')
    const { app, page, userData, close } = await launch({ files: [file, path.join(temporaryFolder(), 'missing.rep')] })
    await expect.poll(() => recentMenuLabels(app)).toEqual([`known.rep - ${path.basename(path.dirname(file))}`])
    await close()
    const again = await launch({ userData })
    const answer = await callHost(again.page, 'recentFiles')
    const [entry] = (answer as { value: readonly { recentId: string; name: string; sizeBytes: number }[] }).value
    expect(entry).toMatchObject({ name: 'known.rep', sizeBytes: fs.statSync(file).size })
    await clickMenu(again.app, `recent:${entry!.recentId}`)
    await expect.poll(() => seen(again.page)).toEqual(['known.rep'])
    // The page hears of the file before the engine has opened it, and only what is open is remembered.
    await expect(again.page.getByRole('tab', { name: 'known.rep' })).toBeVisible()
    await expect.poll(async () => {
      expect(await callHost(again.page, 'clearRecent')).toMatchObject({ ok: true })
      return recentMenuLabels(again.app)
    }).toEqual([])
    expect(page.isClosed()).toBe(true)
  })

  test('sends every command of the menu to the page', async () => {
    const { app, page } = await launch()
    await stubOpenDialog(app, [])
    await stubSaveDialog(app, null)
    // The list of recent files is empty, and running processes are Windows' own: both items are disabled.
    const disabled = ['file.clearRecent', ...(process.platform === 'win32' ? [] : ['live.new'])]
    const commands = (await menuCommands(app)).filter((command) => !disabled.includes(command))
    expect(commands).toContain('file.open')
    for (const command of commands) await clickMenu(app, command)
    // The page's own listener runs first, and what it does may let later commands pass earlier ones.
    await expect.poll(async () => (await seen(page)).sort()).toEqual(commands.sort())
  })
})

test.describe('settings', () => {
  const themeOf = (app: ElectronApplication) => app.evaluate(({ nativeTheme, Menu }) => ({ source: nativeTheme.themeSource, isMarked: Menu.getApplicationMenu()?.getMenuItemById('view.themeDark')?.checked }))

  test('take effect at once and survive a restart, like the place of the window', async () => {
    const first = await launch()
    expect(await callHost(first.page, 'changeSettings', { theme: 'dark' })).toMatchObject({ ok: true, value: { theme: 'dark' } })
    expect(await themeOf(first.app)).toEqual({ source: 'dark', isMarked: true })
    const bounds = { x: 60, y: 50, width: 1010, height: 720 }
    await first.app.evaluate(({ BrowserWindow }, place) => BrowserWindow.getAllWindows()[0]?.setBounds(place), bounds)
    await expect.poll(() => first.page.evaluate(() => window.outerWidth)).toBe(bounds.width)
    await first.close()
    const second = await launch({ userData: first.userData })
    expect(await themeOf(second.app)).toEqual({ source: 'dark', isMarked: true })
    expect(await second.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds())).toEqual(bounds)
  })

  test('that are damaged give a window with defaults and are kept aside', async () => {
    const userData = temporaryFolder()
    fs.writeFileSync(path.join(userData, 'settings.json'), '{"version":1,"the')
    const { page } = await launch({ userData })
    expect(await callHost(page, 'settings')).toEqual({ ok: true, value: { theme: 'system', contrast: 'system', filters: [], keys: {}, tourSeen: false, askBeforeClosing: true, layout: expect.any(String) as unknown } })
    expect(fs.readFileSync(path.join(userData, 'settings.damaged.json'), 'utf8')).toBe('{"version":1,"the')
  })
})

test('a second start hands its files to the first and ends', async ({ sharedApp }) => {
  const { page, userData } = sharedApp
  await waitUntilReady(sharedApp)
  const second = runApp([writeTrace('from-second.rep')], userData)
  expect(second.status).toBe(0)
  await expect.poll(() => seen(page)).toEqual(['from-second.rep'])
})

test.describe('after a crash', () => {
  const enginePids = (app: ElectronApplication) => app.evaluate((electron) => electron.app.getAppMetrics().filter((process) => process.name === 'Heapscape engine').map((process) => process.pid))

  test('of the engine the page gets a port to a new one, which knows the old ids', async () => {
    const { app, page } = await launch()
    const [pid] = await enginePids(app)
    await stubOpenDialog(app, [writeTrace('from-before.rep')])
    const before = (await callHost(page, 'openDialog')) as { readonly value: readonly OpenedSource[] }
    await page.evaluate((sourceId) => {
      window.addEventListener('message', ({ source, ports: [port] }) => {
        if (source !== window || port === undefined) return
        port.addEventListener('message', ({ data }: MessageEvent<{ type: string; id: number; value?: { file: string } }>) => {
          if (data.type === 'answer' && data.id === -1) window.seen.push(data.value?.file ?? 'refused')
        })
        port.postMessage({ type: 'request', id: -1, method: 'open', params: { sourceId } })
      })
    }, before.value[0]!.sourceId)
    process.kill(pid!, 'SIGKILL')
    await expect.poll(() => seen(page)).toEqual(['from-before.rep'])
    expect((await enginePids(app)).filter((other) => other !== pid)).toHaveLength(1)
  })

  test('of the page it is loaded again with its bridge', async () => {
    const { app } = await launch()
    await app.evaluate(({ webContents }) => {
      const contents = webContents.getAllWebContents()[0]!
      contents.once('render-process-gone', () => contents.once('did-finish-load', () => Object.assign(globalThis, { pageIsBack: true })))
      contents.forcefullyCrashRenderer()
    })
    await expect.poll(() => app.evaluate(() => 'pageIsBack' in globalThis)).toBe(true)
    const bridge = () => app.evaluate(({ webContents }) => webContents.getAllWebContents()[0]?.executeJavaScript('typeof window.host.call') as Promise<string>)
    await expect.poll(bridge).toBe('function')
  })
})

test.describe('--screenshot', () => {
  /** Width and height stand at fixed places of a PNG. */
  const sizeOf = (picture: Buffer): number[] => [picture.readUInt32BE(16), picture.readUInt32BE(20)]

  test('writes what the window shows and ends with 0', () => {
    const picture = path.join(temporaryFolder(), 'out.png')
    const { status, stderr } = runApp(['--screenshot', picture, writeTrace()], temporaryFolder())
    expect(status, stderr).toBe(0)
    expect(sizeOf(fs.readFileSync(picture))).toEqual([1280, 800])
  })

  test('ends with 1, a reason and no picture when a file cannot be opened', () => {
    const picture = path.join(temporaryFolder(), 'out.png')
    const { status, stderr } = runApp(['--screenshot', picture, path.join(temporaryFolder(), 'missing.rep')], temporaryFolder())
    expect(status).toBe(1)
    expect(stderr).toContain('No picture was taken: The file cannot be read')
    expect(fs.existsSync(picture)).toBe(false)
  })

  test('ends with 1 when the picture cannot be written, with 2 when it has no name', () => {
    const unwritable = runApp(['--screenshot', path.join(temporaryFolder(), 'no-folder', 'out.png')], temporaryFolder())
    expect([unwritable.status, unwritable.stderr]).toEqual([1, expect.stringContaining('The file cannot be written')])
    const nameless = runApp(['--screenshot'], temporaryFolder())
    expect([nameless.status, nameless.stderr]).toEqual([2, expect.stringContaining('--screenshot needs a file name')])
  })
})
