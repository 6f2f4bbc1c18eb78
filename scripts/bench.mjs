// npm run bench [-- NAME] [--rounds N] [--write]: builds and runs every *.bench.ts and prints a table (median, range, ratio to the
// peer or floor of the same run). Writes nothing, except with --write into the marked part of docs/performance.md; with a NAME only its rows.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { withBenchPlace } from './bench/bench-place.mjs'
import { describeMachine } from './bench/machine.mjs'
import { renewResults } from './bench/results-page.mjs'
import { formatTable, measureBench, selectBenches, tableRows } from './bench/run-benches.mjs'
import { listFiles } from './build/source-hash.mjs'
import { ensureDependencies } from './setup/dependencies.mjs'
import { announce, projectRoot, runMain, SetupError } from './setup/project.mjs'

const benchFolders = ['shared', 'main', 'renderer']
const document = path.join(projectRoot, 'docs/performance.md')
const [begin, end] = ['<!-- bench:begin (written by npm run bench -- --write) -->', '<!-- bench:end -->']

/** @typedef {import('./bench/bench-contract.ts').Bench} Bench */
/** @typedef {import('./bench/bench-contract.ts').BenchPlace} BenchPlace */

/** @param {typeof import('./build/build-targets.mjs').buildModules} buildModules @returns {Promise<Bench[]>} */
async function loadBenches(buildModules) {
  const files = await buildModules('bench', benchFolders.flatMap(listFiles).filter((file) => file.endsWith('.bench.ts')))
  const modules = await Promise.all(files.map((file) => import(pathToFileURL(file).href)))
  return modules.flatMap((module) => module.benches)
}

/** @param {readonly Bench[]} benches @param {number} rounds @param {BenchPlace} place */
async function measureAll(benches, rounds, place) {
  const results = []
  for (const bench of benches) {
    announce(`measuring ${bench.name} (${bench.once ? 'once' : `${rounds} rounds`})...`)
    results.push(await measureBench(bench, rounds, place))
  }
  return results
}

/** @param {string[]} args */
function readArguments(args) {
  const at = args.indexOf('--rounds')
  const rounds = at < 0 ? 5 : Number(args[at + 1])
  if (!Number.isInteger(rounds) || rounds < 1) throw new SetupError('--rounds needs a whole number above 0.')
  const filter = args.find((argument, place) => !argument.startsWith('--') && (at < 0 || place !== at + 1)) ?? ''
  return { rounds, filter, write: args.includes('--write') }
}

/** @param {import('./bench/results-page.mjs').Results} results */
function writeIntoDocument(results) {
  const before = fs.existsSync(document) ? fs.readFileSync(document, 'utf8') : ''
  const [from, to] = [before.indexOf(begin), before.indexOf(end)]
  if (from < 0 || to < from) throw new SetupError(`docs/performance.md has no part between "${begin}" and "${end}".`)
  const renewed = renewResults(before.slice(from + begin.length, to), results)
  fs.writeFileSync(document, `${before.slice(0, from + begin.length)}\n${renewed}\n${before.slice(to)}`)
}

await runMain(async () => {
  const { rounds, filter, write } = readArguments(process.argv.slice(2))
  ensureDependencies()
  // Loaded late: the builder is a dependency that may have been installed only just now.
  const { buildModules, buildStale } = await import('./build/build-targets.mjs')
  const benches = selectBenches(await loadBenches(buildModules), filter)
  if (benches.length === 0) throw new SetupError(`No bench has "${filter}" in its name.`)
  const needsWindow = benches.some((bench) => bench.needsWindow)
  // The command line is measured as it is shipped.
  await buildStale(['cli'])
  const loadAtStart = os.loadavg()[0] ?? NaN
  const results = await withBenchPlace({ needsWindow }, (place) => measureAll(benches, rounds, place))
  const machine = `${describeMachine(loadAtStart)}. Median of ${rounds} after one warm-up.`
  console.log(`Machine: ${machine}\n\n${formatTable(results)}`)
  if (write) writeIntoDocument({ machine, rows: tableRows(results), filter })
  return 0
})
