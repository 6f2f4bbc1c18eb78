// The user's cache folder for things that are fetched once per machine, by each platform's convention.
import os from 'node:os'
import path from 'node:path'

function platformCache() {
  if (process.env.XDG_CACHE_HOME) return process.env.XDG_CACHE_HOME
  if (process.platform === 'win32') return process.env.LOCALAPPDATA ?? path.join(os.homedir(), 'AppData', 'Local')
  if (process.platform === 'darwin') return path.join(os.homedir(), 'Library', 'Caches')
  return path.join(os.homedir(), '.cache')
}

export const cacheFolder = path.join(platformCache(), 'heapscape')
