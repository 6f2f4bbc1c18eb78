import path from 'node:path'
import { APP_SCHEME, BUNDLE_HOST } from './pages'

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
}

/**
 * The file an address stands for, or null: another host, a path that leaves the folder by any spelling, or a kind of
 * file the bundle does not have.
 */
export function bundleFile(address: string, folder: string): { readonly file: string; readonly contentType: string } | null {
  const name = bundleName(address)
  // Separators and drive letters of Windows, and NUL, have no place in the bundle's names.
  if (name === null || /[\\:\0]/.test(name)) return null
  const file = path.join(folder, name)
  if (!file.startsWith(folder + path.sep)) return null
  const contentType = contentTypes[path.extname(file)]
  return contentType === undefined ? null : { file, contentType }
}

/** The decoded path of an app://bundle/ address. */
function bundleName(address: string): string | null {
  try {
    const url = new URL(address)
    return url.protocol === `${APP_SCHEME}:` && url.host === BUNDLE_HOST ? decodeURIComponent(url.pathname) : null
  } catch {
    return null
  }
}
