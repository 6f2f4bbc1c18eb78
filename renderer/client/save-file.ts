import { MOST_PART_BYTES } from '../../shared/ipc/export-api'
import { engine } from './engine-client'
import { isCancelled } from './failure'
import { host } from './host-client'

/** Asks where to, then makes part after part and has each written; the file's name, null when the dialog was dismissed. */
export async function saveFile(suggestedName: string, makeParts: () => AsyncIterable<Uint8Array>): Promise<string | null> {
  const target = await host.saveDialog({ suggestedName })
  if (target === null) return null
  const exportId = crypto.randomUUID()
  const stop = new AbortController()
  const file = engine.request('exportFile', { targetId: target.targetId, exportId }, { signal: stop.signal })
  // Whatever ends it early is thrown below.
  file.catch(() => undefined)
  try {
    for await (const bytes of makeParts()) {
      for (let at = 0; at < bytes.length; at += MOST_PART_BYTES) await engine.request('exportPart', { exportId, bytes: bytes.slice(at, at + MOST_PART_BYTES) })
    }
    await engine.request('exportEnd', { exportId })
  } catch (error) {
    stop.abort()
    const failure = await file.then(() => error, (own: unknown) => (isCancelled(own) ? error : own))
    throw failure as Error
  }
  return (await file).name
}
