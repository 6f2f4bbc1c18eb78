import type { BrowserWindowConstructorOptions, Session, WebContents, WebPreferences } from 'electron'
import { app } from 'electron'
import { contentPolicy } from './content-policy'
import { isSamePage } from './pages'
import type { Pages } from './pages'

/** Pages get a sandbox, a world of their own apart from preload's, and nothing of Node. */
export const SAFE_WEB_PREFERENCES: WebPreferences = {
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  webviewTag: false,
  allowRunningInsecureContent: false,
  navigateOnDragDrop: false,
  spellcheck: false,
}

/** Holds for every page that is ever created, whoever creates it. */
export function guardPages(pages: Pages, popOutOptions: () => BrowserWindowConstructorOptions): void {
  app.on('web-contents-created', (_event, contents) => guardContents(contents, pages, popOutOptions))
}

function guardContents(contents: WebContents, pages: Pages, popOutOptions: () => BrowserWindowConstructorOptions): void {
  contents.on('will-navigate', (event, url) => {
    if (!isAllowedNavigation(contents.getURL(), url, pages)) event.preventDefault()
  })
  contents.on('will-redirect', (event) => event.preventDefault())
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(({ url }) =>
    isSamePage(url, pages.popOut) ? { action: 'allow', overrideBrowserWindowOptions: popOutOptions() } : { action: 'deny' },
  )
}

/** A new window's way from nothing to the pop-out page counts as a navigation; Vite reloads the page by going to itself. */
function isAllowedNavigation(from: string, to: string, pages: Pages): boolean {
  if (from === '' || from === 'about:blank') return isSamePage(to, pages.popOut)
  return pages.isDevelopmentServer && isSamePage(from, pages.index) && isSamePage(to, pages.index)
}

/** Copying text is the one thing a page may ask for; it needs a gesture of the user anyway. */
const allowedPermission = 'clipboard-sanitized-write'

export function guardSession(session: Session, pages: Pages): void {
  session.setPermissionRequestHandler((_contents, permission, answer) => answer(permission === allowedPermission))
  session.setPermissionCheckHandler((_contents, permission) => permission === allowedPermission)
  session.setDevicePermissionHandler(() => false)
  if (pages.isDevelopmentServer) addDevelopmentPolicy(session, pages)
}

/** The bundle's policy comes with its own answers; the development server sends none. */
function addDevelopmentPolicy(session: Session, pages: Pages): void {
  session.webRequest.onHeadersReceived({ urls: [`${pages.base}*`] }, (details, callback) => {
    callback({ responseHeaders: { ...details.responseHeaders, 'Content-Security-Policy': [contentPolicy(pages)] } })
  })
}
