'use strict'
// Takes the place of Electron's stock application loader in the fallback runtime: `electron [-r MODULE] FOLDER ARGUMENTS...`.
// The application is loaded synchronously: with a dynamic import, 'ready' fires first and
// protocol.registerSchemesAsPrivileged() throws.
const { app } = require('electron')
const fs = require('fs')
const Module = require('module')
const path = require('path')

/** @param {string[]} args */
function parseArguments(args) {
  const preloads = []
  for (let at = 0; at < args.length; at++) {
    if (args[at] === '-r' || args[at] === '--require') preloads.push(args[++at])
    else if (!args[at].startsWith('-')) return { preloads, target: path.resolve(args[at]) }
  }
  return { preloads, target: null }
}

/** @param {string} folder @returns {string} the application's entry file */
function applyManifest(folder) {
  const file = path.join(folder, 'package.json')
  if (!fs.existsSync(file)) return folder
  const manifest = JSON.parse(fs.readFileSync(file, 'utf8'))
  app.setName(manifest.productName ?? manifest.name ?? 'Electron')
  if (manifest.version) app.setVersion(manifest.version)
  app.setAppPath(folder)
  return path.join(folder, manifest.main ?? 'index.js')
}

try {
  const { preloads, target } = parseArguments(process.argv.slice(1))
  if (preloads.length > 0) Module._preloadModules(preloads)
  if (target === null) throw new Error('no application folder given')
  process.defaultApp = true
  Module._load(require.resolve(applyManifest(target)), Module, true)
} catch (error) {
  console.error(`The application failed to load: ${error.stack ?? error}`)
  app.exit(1)
}
