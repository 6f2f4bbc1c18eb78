import type { HostApi, HostBridge, MenuCommand, OpenedSource } from '../../shared/ipc/host-api'
import { HOST_METHODS } from '../../shared/ipc/host-api'
import { checkMessageBytes } from '../../shared/ipc/message-size'
import { RemoteError } from './failure'
import { plainCopy } from './plain-copy'

declare global {
  interface Window {
    /** Put there by preload. */
    readonly host: HostBridge
  }
}

export interface Host extends HostApi {
  /** Files dropped on the window or handed over by a second start. */
  onSources(listener: (sources: readonly OpenedSource[]) => void): () => void
  onCommand(listener: (command: MenuCommand) => void): () => void
}

/** HostApi over the bridge of preload; calls reject with RemoteError. */
export function createHost(bridge: HostBridge): Host {
  const call = async (method: keyof HostApi, request: unknown): Promise<unknown> => {
    const plain = plainCopy(request)
    checkMessageBytes(`The call ${method}`, plain)
    const answer = await bridge.call(method, plain)
    if (!answer.ok) throw new RemoteError(answer.error)
    return answer.value
  }
  const methods = Object.fromEntries(HOST_METHODS.map((method) => [method, (request?: unknown) => call(method, request)]))
  const listening = { onSources: (l: Parameters<Host['onSources']>[0]) => bridge.onSources(l), onCommand: (l: Parameters<Host['onCommand']>[0]) => bridge.onCommand(l) }
  // HOST_METHODS names exactly the methods of HostApi, checked where it is defined.
  return { ...(methods as unknown as HostApi), ...listening }
}

let current: Host | null = null

function currentHost(): Host {
  return (current ??= createHost(window.host))
}

/** The main process as every component and store sees it. */
export const host: Host = new Proxy({} as Host, {
  get: (_target, name) => Reflect.get(currentHost(), name) as unknown,
})

/** For tests. */
export function replaceHost(replacement: Host): void {
  current = replacement
}
