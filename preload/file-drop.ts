import { ipcRenderer, webUtils } from 'electron'
import { HostChannel, MOST_DROPPED_PATHS } from '../shared/ipc/host-channels'

// Before Electron 32 a File had its path, afterwards webUtils tells it.
interface FileWithPath extends File {
  readonly path?: string
}

const utilities: Partial<typeof webUtils> | undefined = webUtils

function pathOf(file: FileWithPath): string {
  return utilities?.getPathForFile?.(file) ?? file.path ?? ''
}

/**
 * Files dropped anywhere on the page go to main as paths; the page hears of them as sources. Drags of the page's own
 * things carry no files and pass.
 */
export function takeDroppedFiles(): void {
  window.addEventListener('dragover', (event) => allowFiles(event), { capture: true })
  window.addEventListener('drop', (event) => sendFiles(event), { capture: true })
}

function allowFiles(event: DragEvent): void {
  if (event.dataTransfer === null || !event.dataTransfer.types.includes('Files')) return
  event.preventDefault()
  event.dataTransfer.dropEffect = 'copy'
}

function sendFiles(event: DragEvent): void {
  const files = event.dataTransfer?.files
  if (files === undefined || files.length === 0) return
  event.preventDefault()
  // A file made by a page has no path; such files are not ours to open.
  const paths = Array.from(files, pathOf).filter((path) => path !== '')
  const target = targetOf(event)
  for (let from = 0; from < paths.length; from += MOST_DROPPED_PATHS) ipcRenderer.send(HostChannel.Drop, paths.slice(from, from + MOST_DROPPED_PATHS), target)
}

/** The innermost place under the pointer that takes files for itself. */
function targetOf(event: DragEvent): string {
  const element = event.composedPath().find((node): node is HTMLElement => node instanceof HTMLElement)
  return element?.closest<HTMLElement>('[data-drop-target]')?.dataset['dropTarget'] ?? ''
}
