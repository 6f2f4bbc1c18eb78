// The build: four targets, each into out/NAME. A target is built beside its final place and then swapped in,
// so that a build that is cut short, or two at once, never leave half a target behind.
import fs from 'node:fs'
import path from 'node:path'
import { announce, dependencyFile, projectRoot, SetupError } from '../setup/project.mjs'
import { hashSources } from './source-hash.mjs'

/** @typedef {typeof import('./vite-configs.mjs')} Configs */

const stampName = '.source-hash'
const commonSources = ['package-lock.json', 'scripts/build']
const rendererPages = { index: 'renderer/index.html', popout: 'renderer/popout.html' }

/**
 * @typedef {object} Target
 * @property {string[]} sources places whose content decides whether the target is stale
 * @property {string[]} besides files that are copied beside the bundle
 * @property {(configs: Configs, outFolder: string) => import('vite').InlineConfig} config
 */

// parquet-wasm looks for its WebAssembly file beside the bundle.
const parquetWasm = dependencyFile('parquet-wasm/esm/parquet_wasm_bg.wasm')

/** @type {Record<string, Target>} */
const targets = {
  main: {
    sources: ['main', 'shared'],
    besides: [parquetWasm],
    config: ({ nodeConfig }, outFolder) => nodeConfig({ entries: { index: 'main/index.ts', 'engine-process': 'main/engine/engine-process.ts', 'helper-process': 'main/engine/helper-process.ts', 'live-process': 'main/live/live-process.ts', 'live-process-fake': 'main/live/fake/live-process-fake.ts' }, format: 'cjs', outFolder }),
  },
  preload: {
    sources: ['preload', 'shared'],
    besides: [],
    config: ({ nodeConfig }, outFolder) => nodeConfig({ entries: { index: 'preload/index.ts' }, format: 'cjs', outFolder }),
  },
  renderer: {
    sources: ['renderer', 'shared'],
    besides: [],
    config: ({ rendererConfig }, outFolder) => rendererConfig({ outFolder, pages: rendererPages }),
  },
  cli: {
    sources: ['main', 'shared'],
    besides: [parquetWasm],
    config: ({ nodeConfig }, outFolder) => nodeConfig({ entries: { heapscape: 'main/cli/index.ts' }, format: 'es', outFolder }),
  },
}

export const targetNames = Object.keys(targets)

/** @param {string} name */
const targetFolder = (name) => path.join(projectRoot, 'out', name)

/** @param {string} name @returns {Target} */
function findTarget(name) {
  const target = targets[name]
  if (!target) throw new Error(`No build target "${name}"`)
  return target
}

/** @param {string} name */
const hashTarget = (name) => hashSources([...commonSources, ...findTarget(name).sources])

/** @param {string} name */
export function isStale(name) {
  const stamp = path.join(targetFolder(name), stampName)
  return !fs.existsSync(stamp) || fs.readFileSync(stamp, 'utf8') !== hashTarget(name)
}

/** Puts a finished folder in the place of another. @param {string} from @param {string} to */
function swapIn(from, to) {
  const old = `${from}-old`
  if (fs.existsSync(to)) fs.renameSync(to, old)
  fs.renameSync(from, to)
  fs.rmSync(old, { recursive: true, force: true })
}

/** Vite is loaded only when there is something to build: finding nothing stale shall take no time. */
async function loadVite() {
  const [{ build }, configs] = await Promise.all([import('vite'), import('./vite-configs.mjs')])
  return { build, configs }
}

/** @param {string} name */
async function buildTarget(name) {
  const { build, configs } = await loadVite()
  const target = findTarget(name)
  const folder = targetFolder(name)
  // A sibling of the final folder keeps the relative paths in the source maps right.
  const work = `${folder}.building-${process.pid}`
  // Taken before the build: a source that changes meanwhile makes the result stale, not silently old.
  const hash = hashTarget(name)
  try {
    await build(target.config(configs, work))
    for (const file of target.besides) fs.copyFileSync(file, path.join(work, path.basename(file)))
    fs.writeFileSync(path.join(work, stampName), hash)
    swapIn(work, folder)
  } catch (error) {
    throw new SetupError(`The build of ${name} failed: ${error instanceof Error ? error.message : String(error)}`)
  } finally {
    fs.rmSync(work, { recursive: true, force: true })
  }
}

/**
 * Builds modules for our own scripts (benches, generated pages), the way the product is built.
 * @param {string} folder below out/
 * @param {readonly string[]} files project-relative sources
 * @returns {Promise<string[]>} the built modules, in the same order
 */
export async function buildModules(folder, files) {
  if (files.length === 0) return []
  const { build, configs } = await loadVite()
  const outFolder = targetFolder(folder)
  const names = files.map((file) => file.replace(/\.ts$/, '').replaceAll('/', '-'))
  await build(configs.nodeConfig({ entries: Object.fromEntries(names.map((name, at) => [name, files[at] ?? ''])), format: 'es', outFolder }))
  fs.copyFileSync(parquetWasm, path.join(outFolder, path.basename(parquetWasm)))
  return names.map((name) => path.join(outFolder, `${name}.mjs`))
}

/** @param {readonly string[]} names */
export async function buildTargets(names) {
  for (const name of names) await buildTarget(name)
}

/** Builds those of the targets whose sources have changed. @param {readonly string[]} names */
export async function buildStale(names) {
  const stale = names.filter(isStale)
  if (stale.length === 0) return
  announce(`Building ${stale.join(', ')}...`)
  await buildTargets(stale)
}
