import { app, nativeTheme, session } from 'electron'
import path from 'node:path'
import { HeapscapeError, toFailure } from '../../shared/base/errors'
import type { AppFacts } from '../../shared/ipc/host-api'
import { EngineHost } from '../engine/engine-host'
import { LiveHost } from '../engine/live-host'
import { RecentFiles } from '../files/recent-files'
import { Deliveries } from '../host/deliveries'
import { chooseFiles, chooseFolder, chooseTarget, chooseTargetFolder } from '../host/dialogs'
import { HostService } from '../host/host-service'
import { Places } from '../host/places'
import { registerHost } from '../host/register'
import { checkFileList } from '../host/request-checks'
import { SessionRecord } from '../recovery/session-record'
import { SettingsStore } from '../settings/settings-store'
import { serveBundle } from './bundle-protocol'
import { CloseQuestion } from './close-question'
import { engineFile, fakeLiveFile, helperFile, liveFile, rendererFolder } from './folders'
import { isLiveFake, liveRefusal, restartElevated } from './live-access'
import { MainWindow, popOutOptions } from './main-window'
import { showMenu } from './menu'
import { isSamePage, type Pages } from './pages'
import { PageRescue } from './page-rescue'
import { ScreenshotTask } from './screenshot'
import { guardPages, guardSession } from './security'
import { onSecondStart } from './single-instance'
import type { StartRequest } from './start-request'

// The stand-in runtime for development is Electron 25; every release of the product is built on a later one.
const developmentElectronMajor = 25

/** The running application: one window, one engine, and what passes between them. */
export class Application {
  readonly #pages: Pages
  readonly #request: StartRequest
  readonly #screenshot: ScreenshotTask | null
  readonly #settings: SettingsStore
  readonly #session: SessionRecord
  readonly #recent: RecentFiles
  readonly #places = new Places()
  readonly #deliveries: Deliveries
  readonly #engine: EngineHost
  readonly #host: HostService
  readonly #closeQuestion: CloseQuestion
  #window: MainWindow | null = null

  /** Before `ready`, but after the folder of user data is decided. */
  constructor(request: StartRequest, pages: Pages) {
    this.#pages = pages
    this.#request = request
    this.#screenshot = request.screenshot === null ? null : new ScreenshotTask()
    this.#settings = new SettingsStore(app.getPath('userData'))
    this.#recent = new RecentFiles(app.getPath('userData'))
    this.#session = new SessionRecord(app.getPath('userData'))
    this.#deliveries = new Deliveries((sources) => this.#window?.sendSources(sources))
    this.#engine = new EngineHost({ engine: engineFile, helper: helperFile, cache: path.join(app.getPath('userData'), 'cache') }, new LiveHost(isLiveFake() ? fakeLiveFile : liveFile), {
      opened: (sourceId) => this.#opened(sourceId),
      refused: (_sourceId, error) => this.#screenshot?.fail(error.text),
      saved: (targetId) => this.#remember(this.#places.targetPath(targetId)),
      stopped: (reason) => this.#engineStopped(reason),
    })
    this.#host = this.#createHost()
    this.#closeQuestion = new CloseQuestion({
      unkept: () => this.#host.unkept,
      isWanted: () => this.#settings.get().askBeforeClosing,
      stopAsking: () => {
        attempt(() => this.#settings.change({ askBeforeClosing: false }))
        this.#settingsChanged()
      },
    })
  }

  /** After `ready`. */
  start(): void {
    nativeTheme.themeSource = this.#settings.get().theme
    guardSession(session.defaultSession, this.#pages)
    guardPages(this.#pages, popOutOptions)
    if (!this.#pages.isDevelopmentServer) serveBundle(rendererFolder, this.#pages)
    registerHost(this.#host, this.#pages, {
      pageLoaded: (page) => this.#engine.connectPage(page),
      dropped: (files, target) => (target === '' ? this.#open(files) : this.#deliveries.deliver(this.#host.admitDrop(files, target))),
    })
    this.#engine.start()
    this.#showMenu()
    onSecondStart((files) => this.#takeOver(checkFileList(files) ?? []))
    this.#open(this.#request.files)
    this.#openWindow()
    if (this.#request.screenshot !== null) void this.#takePicture(this.#request.screenshot)
  }

  /** Files of the desktop (macOS), also before `ready`. */
  openFromDesktop(file: string): void {
    if (!app.isReady()) void app.whenReady().then(() => this.#takeOver([file]))
    else this.#takeOver([file])
  }

  /** The dock's icon was clicked (macOS). */
  activate(): void {
    if (this.#window === null) this.#openWindow()
  }

  stop(): void {
    attempt(() => this.#session.end())
    this.#engine.stop()
  }

  #createHost(): HostService {
    return new HostService({
      places: this.#places,
      recent: this.#recent,
      settings: this.#settings,
      session: this.#session,
      deliveries: this.#deliveries,
      facts: appFacts(),
      chooseFiles: async () => (this.#window === null ? [] : chooseFiles(this.#window.browserWindow)),
      chooseFolder: async () => (this.#window === null ? null : chooseFolder(this.#window.browserWindow)),
      chooseTargetFolder: async () => (this.#window === null ? null : chooseTargetFolder(this.#window.browserWindow)),
      chooseTarget: async (name) => (this.#window === null ? null : chooseTarget(this.#window.browserWindow, name)),
      registerSource: (source) => this.#engine.registerSource(source),
      registerTarget: (target) => this.#engine.registerTarget(target),
      changed: () => this.#settingsChanged(),
      painted: () => this.#screenshot?.painted(),
      restartElevated,
    })
  }

  #openWindow(): void {
    const window = new MainWindow({
      page: this.#pages.index,
      place: this.#settings.get().window,
      isForPicture: this.#screenshot !== null,
      closed: (place) => attempt(() => this.#settings.change({ window: place })),
    })
    this.#closeQuestion.guard(window.browserWindow)
    window.browserWindow.on('closed', () => {
      this.#window = null
      this.#host.unkept = []
      this.#deliveries.pageLeft()
    })
    // A page that is loaded again asks anew; its first calls come before any event of its own loading.
    window.contents.on('did-start-navigation', (_event, url, isInPlace, isMainFrame) => {
      // Any other address is refused after this event, and the page stays.
      if (!isMainFrame || isInPlace || !isSamePage(url, this.#pages.index)) return
      this.#deliveries.pageLeft()
      this.#host.unkept = []
    })
    new PageRescue(window.contents, {
      gone: () => this.#host.pageGone(),
      failed: (reason) => this.#screenshot?.fail(reason),
    })
    this.#window = window
  }

  #open(files: readonly string[]): void {
    const places = files.map((file) => this.#places.addSource(file))
    this.#screenshot?.expect(places.map((place) => place.sourceId))
    this.#deliveries.deliver(this.#host.admit(places))
  }

  #takeOver(files: readonly string[]): void {
    if (this.#window === null) this.#openWindow()
    this.#window?.raise()
    this.#open(files)
  }

  #opened(sourceId: string): void {
    this.#screenshot?.opened(sourceId)
    this.#remember(this.#places.sourcePath(sourceId))
  }

  #remember(file: string | null): void {
    if (file === null) return
    attempt(() => this.#recent.add(file))
    this.#showMenu()
  }

  #settingsChanged(): void {
    nativeTheme.themeSource = this.#settings.get().theme
    this.#showMenu()
  }

  #showMenu(): void {
    showMenu(this.#settings.get(), this.#recent, {
      send: (command) => {
        const window = this.#window
        // Of a window that is still loading: its page would not hear it.
        if (window !== null) this.#deliveries.whenReady(() => window.sendCommand(command))
      },
      openRecent: (recentId) => {
        const file = this.#recent.pathOf(recentId)
        if (file !== null) this.#takeOver([file])
      },
    })
  }

  #engineStopped(reason: string): void {
    console.error(`Heapscape: the engine stopped (${reason}) and is started again.`)
    this.#screenshot?.fail(`the engine stopped (${reason})`)
  }

  async #takePicture(file: string): Promise<void> {
    try {
      await this.#screenshot!.write(() => this.#contents(), file)
      this.#leave(0)
    } catch (error) {
      console.error(toFailure(error).text)
      this.#leave(1)
    }
  }

  #contents(): Electron.WebContents {
    if (this.#window === null) throw new HeapscapeError('internal', { detail: 'the window was closed' })
    return this.#window.contents
  }

  #leave(exitCode: number): void {
    this.stop()
    app.exit(exitCode)
  }
}

function appFacts(): AppFacts {
  const electron = process.versions.electron
  return { version: app.getVersion(), electron, platform: process.platform, liveRefusal: liveRefusal(), developmentRuntime: Number.parseInt(electron, 10) <= developmentElectronMajor }
}

/** A record that cannot be stored is told, but stops nothing. */
function attempt(store: () => void): void {
  try {
    store()
  } catch (error) {
    console.error(`Heapscape: ${toFailure(error).text}`)
  }
}
