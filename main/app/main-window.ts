import type { BrowserWindowConstructorOptions } from 'electron'
import { BrowserWindow, nativeTheme, screen } from 'electron'
import { HostChannel } from '../../shared/ipc/host-channels'
import type { MenuCommand, OpenedSource } from '../../shared/ipc/host-api'
import type { WindowPlace } from '../settings/settings-store'
import { preloadFile } from './folders'
import { SAFE_WEB_PREFERENCES } from './security'
import { DEFAULT_SIZE, findStartPlace, LEAST_SIZE } from './window-place'

export interface MainWindowOptions {
  readonly page: string
  readonly place: WindowPlace | null
  /** For a picture: exactly the default size inside, on top, independent of where the window stood. */
  readonly isForPicture: boolean
  readonly closed: (place: WindowPlace) => void
}

/** The ground behind the page until it has painted, the same as the page's own. */
function ground(): string {
  return nativeTheme.shouldUseDarkColors ? '#15181d' : '#f5f6f8'
}

/** A document in a window of its own: drawn by the main window's page, so it gets no more rights than that. */
export function popOutOptions(): BrowserWindowConstructorOptions {
  return { backgroundColor: ground(), autoHideMenuBar: true, minWidth: 320, minHeight: 240, webPreferences: { ...SAFE_WEB_PREFERENCES, preload: preloadFile } }
}

export class MainWindow {
  readonly #window: BrowserWindow

  constructor(options: MainWindowOptions) {
    this.#window = new BrowserWindow({
      ...(options.isForPicture ? { ...DEFAULT_SIZE, useContentSize: true } : findStartPlace(options.place, screen.getAllDisplays().map((display) => display.workArea))),
      minWidth: LEAST_SIZE.width,
      minHeight: LEAST_SIZE.height,
      title: 'Heapscape',
      show: false,
      backgroundColor: ground(),
      webPreferences: { ...SAFE_WEB_PREFERENCES, preload: preloadFile },
    })
    if (options.place?.maximised === true && !options.isForPicture) this.#window.maximize()
    this.#window.once('ready-to-show', () => this.#window.show())
    this.#window.on('close', () => options.closed(this.#currentPlace()))
    const followTheme = (): void => this.#window.setBackgroundColor(ground())
    nativeTheme.on('updated', followTheme)
    this.#window.on('closed', () => nativeTheme.off('updated', followTheme))
    // A page that cannot be loaded is reported through did-fail-load.
    this.#window.loadURL(options.page).catch(() => {})
  }

  get contents(): Electron.WebContents {
    return this.#window.webContents
  }

  get browserWindow(): BrowserWindow {
    return this.#window
  }

  sendSources(sources: readonly OpenedSource[]): void {
    if (!this.#window.isDestroyed()) this.contents.send(HostChannel.Sources, sources)
  }

  sendCommand(command: MenuCommand): void {
    if (!this.#window.isDestroyed()) this.contents.send(HostChannel.Command, command)
  }

  /** Brings the window to the user's attention. */
  raise(): void {
    if (this.#window.isMinimized()) this.#window.restore()
    this.#window.show()
    this.#window.focus()
  }

  #currentPlace(): WindowPlace {
    return { ...this.#window.getNormalBounds(), maximised: this.#window.isMaximized() }
  }
}
