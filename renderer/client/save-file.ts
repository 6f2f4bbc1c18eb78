import { engine } from './engine-client'
import { host } from './host-client'

/** Asks where to, makes the bytes, has them written; the file's name, null when the dialog was dismissed. */
export async function saveFile(suggestedName: string, bytes: () => Promise<Uint8Array>): Promise<string | null> {
  const target = await host.saveDialog({ suggestedName })
  if (target === null) return null
  return (await engine.request('exportFile', { targetId: target.targetId, bytes: await bytes() })).name
}
