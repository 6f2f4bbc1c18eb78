import type { BrowserWindow } from 'electron'
import { dialog } from 'electron'
import fs from 'node:fs'
import path from 'node:path'

const documentExtension = 'heapscape'
const documentFilter = { name: 'Heapscape documents', extensions: [documentExtension] }
// Formats are told by content, so that a trace may have any name.
const allFilter = { name: 'All files', extensions: ['*'] }

/** @returns empty when dismissed */
export async function chooseFiles(window: BrowserWindow): Promise<readonly string[]> {
  const answer = await dialog.showOpenDialog(window, { title: 'Open', properties: ['openFile', 'multiSelections'], filters: [allFilter, documentFilter] })
  return answer.canceled ? [] : answer.filePaths
}

/** @returns null when dismissed */
export async function chooseTarget(window: BrowserWindow, suggestedName: string): Promise<string | null> {
  const answer = await dialog.showSaveDialog(window, {
    title: 'Save As',
    defaultPath: suggestedName,
    filters: [documentFilter],
    properties: ['showOverwriteConfirmation', 'createDirectory'],
  })
  return answer.canceled || !answer.filePath ? null : withExtension(answer.filePath)
}

/** Some desktops do not add the extension. A name the user was not asked about is never overwritten. */
function withExtension(file: string): string {
  if (path.extname(file) !== '') return file
  const extended = `${file}.${documentExtension}`
  return fs.existsSync(extended) ? file : extended
}
