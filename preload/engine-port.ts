import { ipcRenderer } from 'electron'
import { HostChannel } from '../shared/ipc/host-channels'
import { ENGINE_PORT_MESSAGE } from '../shared/ipc/host-api'

/** A port cannot cross the context bridge, so it goes to the page as a message of the page to itself. */
export function forwardEnginePort(): void {
  ipcRenderer.on(HostChannel.EnginePort, (event) => {
    const port = event.ports[0]
    if (port !== undefined) window.postMessage(ENGINE_PORT_MESSAGE, window.location.origin, [port])
  })
  // By then the page's modules have run and listen.
  window.addEventListener('DOMContentLoaded', () => ipcRenderer.send(HostChannel.PageLoaded), { once: true })
}
