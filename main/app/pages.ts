/**
 * Where the two pages of the window come from: the bundle through app://, or Vite's server while developing.
 * Everything that trusts an address compares it with these.
 */
export interface Pages {
  /** Ends with a slash. */
  readonly base: string
  readonly index: string
  readonly popOut: string
  readonly isDevelopmentServer: boolean
}

export const APP_SCHEME = 'app'
export const BUNDLE_HOST = 'bundle'

export function pagesAt(base: string, isDevelopmentServer = false): Pages {
  return { base, index: `${base}index.html`, popOut: `${base}popout.html`, isDevelopmentServer }
}

const bundlePages = pagesAt(`${APP_SCHEME}://${BUNDLE_HOST}/`)
const loopbackHosts = ['127.0.0.1', 'localhost', '[::1]']

/**
 * @param developmentUrl HEAPSCAPE_DEV_URL
 * @param isPackaged a packaged application never loads pages from a server
 */
export function findPages(developmentUrl: string | undefined, isPackaged: boolean): Pages {
  if (isPackaged || developmentUrl === undefined || developmentUrl === '') return bundlePages
  const url = new URL(developmentUrl)
  if (url.protocol !== 'http:' || !loopbackHosts.includes(url.hostname)) return bundlePages
  return pagesAt(`${url.origin}/`, true)
}

/** True for the page itself, with any query or fragment. */
export function isSamePage(url: string, page: string): boolean {
  return withoutQuery(url) === page
}

function withoutQuery(url: string): string {
  return url.replace(/[?#].*$/s, '')
}
