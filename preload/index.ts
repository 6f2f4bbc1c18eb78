import { contextBridge, ipcRenderer } from 'electron'
import { HostChannel } from '../shared/ipc/host-channels'
import type { HostAnswer, HostBridge, MenuCommand, OpenedSource } from '../shared/ipc/host-api'
import { forwardEnginePort } from './engine-port'
import { takeDroppedFiles } from './file-drop'

/* The one seam between page and main. It passes messages on and decides nothing: main checks them all. */
const bridge: HostBridge = {
  call: (method, request) => ipcRenderer.invoke(HostChannel.Call, method, request) as Promise<HostAnswer>,
  onSources: (listener) => listen<readonly OpenedSource[]>(HostChannel.Sources, listener),
  onCommand: (listener) => listen<MenuCommand>(HostChannel.Command, listener),
}

function listen<Message>(channel: string, listener: (message: Message) => void): () => void {
  const pass = (_event: unknown, message: Message): void => listener(message)
  ipcRenderer.on(channel, pass)
  return () => void ipcRenderer.off(channel, pass)
}

takeDroppedFiles()
// A document in a window of its own is drawn by the main page; it needs no bridge and no engine.
const isPopOut = window.location.pathname.endsWith('/popout.html')
if (!isPopOut) {
  contextBridge.exposeInMainWorld('host', bridge)
  forwardEnginePort()
}
