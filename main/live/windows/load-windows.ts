import { HeapscapeError } from '../../../shared/base/errors'
import type { LiveSystem } from '../live-system'
import { NativeCalls, type ForeignLibraries } from './native-calls'
import { WindowsSystem } from './windows-system'

/** Why running processes cannot be looked at on this system; null where they can. Nothing is loaded to find out. */
export function whyUnavailable(platform: string): string | null {
  return platform === 'win32' ? null : `the system is ${platform}; snapshots of running processes are made on Windows`
}

/**
 * Windows behind koffi, an optional package that is loaded here and nowhere else.
 * @throws HeapscapeError `live-unavailable`
 */
export async function loadWindows(platform: string = process.platform): Promise<LiveSystem> {
  const reason = whyUnavailable(platform)
  if (reason !== null) throw new HeapscapeError('live-unavailable', { detail: reason })
  return new WindowsSystem(new NativeCalls(await loadKoffi()))
}

async function loadKoffi(): Promise<ForeignLibraries> {
  try {
    const { default: koffi } = await import('koffi')
    return { load: (library) => koffi.load(library), address: (memory) => koffi.address(memory) }
  } catch (error) {
    throw new HeapscapeError('live-unavailable', { detail: `the optional package koffi cannot be loaded (${error instanceof Error ? error.message.split('\n')[0]! : String(error)})` })
  }
}
