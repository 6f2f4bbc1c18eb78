// Loaded into the built application's main process (-r) and, by it, into its engine: there it collects garbage when the file
// HEAPSCAPE_BENCH_HELD + ".ask" appears, and writes what is still held (process.memoryUsage) to HEAPSCAPE_BENCH_HELD. Nothing of the
// application is changed for it. No signal, for not every system has them.
const { existsSync, renameSync, rmSync, writeFileSync } = require('node:fs')

const POLL_MS = 100

if (process.type === 'browser') {
  const { utilityProcess } = require('electron')
  const fork = utilityProcess.fork.bind(utilityProcess)
  utilityProcess.fork = (/** @type {string} */ modulePath, /** @type {string[]} */ args, /** @type {object} */ options) => fork(__filename, [...(args ?? []), modulePath], options)
} else {
  const modulePath = process.argv.pop()
  require('node:v8').setFlagsFromString('--expose-gc')
  /** @type {() => void} */
  const collect = require('node:vm').runInNewContext('gc')
  const file = process.env['HEAPSCAPE_BENCH_HELD'] ?? ''
  setInterval(() => {
    if (!existsSync(`${file}.ask`)) return
    rmSync(`${file}.ask`)
    // Memory of columns is given back by a collection after the one that found them dead.
    for (let times = 0; times < 3; times++) collect()
    writeFileSync(`${file}.new`, JSON.stringify(process.memoryUsage()))
    renameSync(`${file}.new`, file)
  }, POLL_MS).unref()
  require(modulePath ?? '')
}
