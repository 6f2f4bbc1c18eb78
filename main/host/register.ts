import type { IpcMainEvent, IpcMainInvokeEvent } from 'electron'
import { ipcMain } from 'electron'
import { HostChannel } from '../../shared/ipc/host-channels'
import type { HostApi } from '../../shared/ipc/host-api'
import { isSamePage } from '../app/pages'
import type { Pages } from '../app/pages'
import { answerCall, checkDropTarget, checkFileList, refusal } from './request-checks'

export interface PageListeners {
  /** The main page listens for the engine's port. */
  pageLoaded(page: Electron.WebContents): void
  dropped(files: readonly string[], target: string): void
}

/** Answers the messages of preload, from our own pages only: the main page, and dropped files also from a pop-out. */
export function registerHost(api: HostApi, pages: Pages, listeners: PageListeners): void {
  ipcMain.handle(HostChannel.Call, (event, method: unknown, request: unknown) =>
    isFrom(event, pages.index) ? answerCall(api, method, request) : refusal('it came from another page'),
  )
  ipcMain.on(HostChannel.PageLoaded, (event) => {
    if (isFrom(event, pages.index)) listeners.pageLoaded(event.sender)
  })
  ipcMain.on(HostChannel.Drop, (event, paths: unknown, target: unknown) => {
    const files = isFrom(event, pages.index) || isFrom(event, pages.popOut) ? checkFileList(paths) : null
    if (files !== null) listeners.dropped(files, checkDropTarget(target))
  })
}

/** Only the top frame counts: a frame inside our page would be somebody else's. */
function isFrom(event: IpcMainEvent | IpcMainInvokeEvent, page: string): boolean {
  const frame = event.senderFrame
  return frame !== null && frame.parent === null && isSamePage(frame.url, page)
}
