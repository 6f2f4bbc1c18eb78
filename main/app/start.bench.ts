import fs from 'node:fs'
import path from 'node:path'
import type { Bench, BenchBody, BenchMissing, BenchPlace } from '../../scripts/bench/bench-contract'
import { timeProgram } from '../../scripts/bench/peers/programs'

/*
 * Both sides do the same: open a window of the same size, wait until it has painted, write a picture of it, end. The
 * picture is the proof that something was painted, and its cost is on both sides.
 */
const MINIMAL_MAIN = `const { app, BrowserWindow } = require('electron')
const fs = require('fs')
app.whenReady().then(async () => {
  const window = new BrowserWindow({ width: 1280, height: 800, useContentSize: true, show: false })
  window.once('ready-to-show', async () => {
    window.show()
    const picture = await window.webContents.capturePage()
    fs.writeFileSync(process.argv[process.argv.length - 1], picture.toPNG())
    app.exit(picture.isEmpty() ? 1 : 0)
  })
  await window.loadFile('index.html')
})
`
const MINIMAL_PAGE = '<!doctype html><meta charset="utf-8"><title>Minimal</title><p>One line of text.</p>'

function makeMinimalApplication(place: BenchPlace): string {
  const folder = path.join(place.temporaryFolder, 'minimal-window')
  fs.mkdirSync(folder, { recursive: true })
  fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name: 'minimal-window', main: 'main.cjs' }))
  fs.writeFileSync(path.join(folder, 'main.cjs'), MINIMAL_MAIN)
  fs.writeFileSync(path.join(folder, 'index.html'), MINIMAL_PAGE)
  return folder
}

function startToPicture({ electron, temporaryFolder }: BenchPlace, folder: string, args: (picture: string) => string[]): BenchBody | BenchMissing {
  if ('missing' in electron) return electron
  const picture = path.join(temporaryFolder, 'window.png')
  return {
    measure: () => {
      fs.rmSync(picture, { force: true })
      const spent = timeProgram(electron.executable, [...electron.args, folder, ...args(picture)], electron.environment)
      if (!fs.existsSync(picture)) throw new Error('the window wrote no picture')
      return spent
    },
  }
}

export const benches: Bench[] = [
  {
    name: 'start/window',
    title: 'application without a document: start of the process to the picture of the painted window',
    unit: 'ms',
    better: 'lower',
    reference: 'start/minimal window',
    goal: '<= 2x a minimal window',
    needsWindow: true,
    prepare: (place) => (typeof place.application === 'string' ? startToPicture(place, place.application, (picture) => ['--screenshot', picture]) : place.application),
  },
  {
    name: 'start/minimal window',
    title: 'floor: an Electron application with one line of text, the same way',
    unit: 'ms',
    better: 'lower',
    needsWindow: true,
    prepare: (place) => startToPicture(place, makeMinimalApplication(place), (picture) => [picture]),
  },
]
