import type { BrowserWindow } from 'electron'
import { dialog } from 'electron'
import fs from 'node:fs'
import path from 'node:path'

const documentFilter = { name: 'Heapscape documents', extensions: ['heapscape'] }
const scriptFilter = { name: 'Heapscape console scripts', extensions: ['heapscript'] }
/** What is saved, told by the extension of the name suggested. */
const targetFilters = [
  documentFilter, scriptFilter, { name: 'SVG pictures', extensions: ['svg'] }, { name: 'PNG pictures', extensions: ['png'] },
  { name: 'Tables of comma-separated values', extensions: ['csv'] }, { name: 'JSON', extensions: ['json'] },
  { name: 'Web pages', extensions: ['html'] }, { name: 'Markdown', extensions: ['md'] },
]
// Formats are told by content, so that a trace may have any name.
const allFilter = { name: 'All files', extensions: ['*'] }

/** @returns empty when dismissed */
export async function chooseFiles(window: BrowserWindow): Promise<readonly string[]> {
  const answer = await dialog.showOpenDialog(window, { title: 'Open', properties: ['openFile', 'multiSelections'], filters: [allFilter, documentFilter, scriptFilter] })
  return answer.canceled ? [] : answer.filePaths
}

/** @returns null when dismissed */
export async function chooseFolder(window: BrowserWindow): Promise<string | null> {
  const answer = await dialog.showOpenDialog(window, { title: 'Open Folder', properties: ['openDirectory'] })
  return answer.canceled ? null : (answer.filePaths[0] ?? null)
}

/** @returns null when dismissed */
export async function chooseTarget(window: BrowserWindow, suggestedName: string): Promise<string | null> {
  const filter = targetFilters.find(({ extensions }) => path.extname(suggestedName) === `.${extensions[0]!}`) ?? documentFilter
  const answer = await dialog.showSaveDialog(window, {
    title: 'Save As',
    defaultPath: suggestedName,
    filters: [filter],
    properties: ['showOverwriteConfirmation', 'createDirectory'],
  })
  return answer.canceled || !answer.filePath ? null : withExtension(answer.filePath, filter.extensions[0]!)
}

/** Some desktops do not add the extension. A name the user was not asked about is never overwritten. */
function withExtension(file: string, extension: string): string {
  if (path.extname(file) !== '') return file
  const extended = `${file}.${extension}`
  return fs.existsSync(extended) ? file : extended
}

/** A folder to write into, new or not. @returns null when dismissed */
export async function chooseTargetFolder(window: BrowserWindow): Promise<string | null> {
  const answer = await dialog.showOpenDialog(window, { title: 'Save the Dataset Into', buttonLabel: 'Save Here', properties: ['openDirectory', 'createDirectory', 'promptToCreate'] })
  return answer.canceled ? null : (answer.filePaths[0] ?? null)
}
