import { protocol } from 'electron'
import fs from 'node:fs'
import { bundleFile } from './bundle-path'
import { contentPolicy } from './content-policy'
import { APP_SCHEME } from './pages'
import type { Pages } from './pages'

/** Before `ready`: afterwards Chromium has fixed what each scheme may do. */
export function declareBundleScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } }])
}

/** After `ready`: serves the folder's files under app://bundle/, nothing else. */
export function serveBundle(folder: string, pages: Pages): void {
  const policy = contentPolicy(pages)
  protocol.handle(APP_SCHEME, async (request) => {
    const found = request.method === 'GET' ? bundleFile(request.url, folder) : null
    if (found === null) return notFound()
    try {
      const content = await fs.promises.readFile(found.file)
      return new Response(content, { headers: bundleHeaders(found.contentType, policy) })
    } catch {
      return notFound()
    }
  })
}

function bundleHeaders(contentType: string, policy: string): Record<string, string> {
  return {
    'Content-Type': contentType,
    'Content-Security-Policy': policy,
    'X-Content-Type-Options': 'nosniff',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
    'Cache-Control': 'no-cache',
  }
}

function notFound(): Response {
  return new Response('Not in the bundle', { status: 404, headers: { 'Content-Type': 'text/plain' } })
}
