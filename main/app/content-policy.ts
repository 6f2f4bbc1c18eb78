import type { Pages } from './pages'

/** What a page may load and do. The application needs no network, no inline code and no evaluated code. */
const bundlePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Vite's development server injects its styles into the page and talks to it over a web socket. */
function developmentPolicy(base: string): string {
  const socket = base.replace(/^http/, 'ws')
  return bundlePolicy.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'").replace("connect-src 'self'", `connect-src 'self' ${socket}`)
}

export function contentPolicy(pages: Pages): string {
  return pages.isDevelopmentServer ? developmentPolicy(pages.base) : bundlePolicy
}
