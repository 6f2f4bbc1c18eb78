// What `npm test` and its modes consist of.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { findRuntime } from '../electron/find-runtime.mjs'
import { withDisplays } from '../setup/display.mjs'
import { dependencyFile, projectRoot, runProgram } from '../setup/project.mjs'
import { ensureSystemLibraries } from '../setup/system-libraries.mjs'
import { readPlaywrightCounts, readVitestCounts } from './test-reports.mjs'

/** @typedef {import('./run-steps.mjs').Step} Step */
/** @typedef {import('./run-steps.mjs').Outcome} Outcome */

// The same words, sort order and dates on every machine; colours only on a terminal.
const steadyEnvironment = { LC_ALL: 'C', TZ: 'UTC', ...(process.stdout.isTTY ? {} : { NO_COLOR: '1', FORCE_COLOR: undefined }) }
/** Specs in windows at the same time; each also has an engine of its own. */
const MOST_WINDOWS = 2
const reportFolder = path.join(projectRoot, 'out/reports')

/**
 * @param {string} script a JavaScript file for Node
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} environment
 * @returns {Promise<boolean>} whether it ended with 0
 */
async function runNode(script, args, environment = {}) {
  return (await runProgram(process.execPath, [script, ...args], { environment: { ...steadyEnvironment, ...environment } })) === 0
}

/**
 * @param {string} name
 * @param {string} script
 * @param {string[]} args
 * @returns {Step}
 */
const nodeStep = (name, script, args = []) => ({ name, run: async () => ({ ok: await runNode(script, args) }) })

/**
 * Steps that each keep one core busy, at the same time; both say something only when they find something.
 * @param {string} name
 * @param {Step[]} steps
 * @returns {Step}
 */
const together = (name, steps) => ({
  name,
  run: async (filters) => ({ ok: (await Promise.all(steps.map((step) => step.run(filters)))).every(({ ok }) => ok) }),
})

/** @param {string} name */
function freshReport(name) {
  fs.mkdirSync(reportFolder, { recursive: true })
  const file = path.join(reportFolder, name)
  fs.rmSync(file, { force: true })
  return file
}

/** @param {string} reportName @param {string[]} filters @param {NodeJS.ProcessEnv} environment @returns {Promise<Outcome>} */
async function runUnitTests(reportName, filters, environment) {
  const report = freshReport(reportName)
  const args = ['run', '--reporter=dot', '--reporter=json', `--outputFile.json=${report}`, ...filters]
  const ok = await runNode(dependencyFile('vitest/vitest.mjs'), args, environment)
  return { ok, counts: readVitestCounts(report) }
}

/** @param {{ long: boolean }} options @returns {Step} */
const unitStep = ({ long }) => ({
  name: long ? 'long unit tests' : 'unit',
  run: (filters) => runUnitTests('unit.json', filters, long ? { HEAPSCAPE_LONG: '1' } : {}),
})

/** @returns {string[]} unit tests that draw their cases, relative to the project */
function propertyTests() {
  const isOne = (/** @type {string} */ file) => file.endsWith('.test.ts') && fs.readFileSync(path.join(projectRoot, file), 'utf8').includes("from 'fast-check'")
  return ['shared', 'main', 'renderer', 'scripts'].flatMap((folder) =>
    fs.readdirSync(path.join(projectRoot, folder), { recursive: true, encoding: 'utf8' }).map((name) => path.posix.join(folder, name.replaceAll(path.sep, '/'))).filter(isOne),
  )
}

/** The quick suite's property tests with cases that were never drawn before; the quick suite itself draws the same every time. @type {Step} */
const drawnAnewStep = {
  name: 'property tests, drawn anew',
  run: async (filters) => {
    const files = propertyTests().filter((file) => filters.length === 0 || filters.some((filter) => file.includes(filter)))
    if (files.length === 0) return { ok: true, counts: { passed: 0, failed: 0, skipped: 0 } }
    return runUnitTests('properties.json', files, { HEAPSCAPE_SEED: 'new' })
  },
}

/** `npm run e2e` takes every picture and keeps traces of failures; `npm test` takes the small pictures and is a third faster. @param {{ thorough: boolean }} options @returns {Step} */
const endToEndStep = ({ thorough }) => ({
  name: 'e2e',
  needs: 'build',
  run: async (filters) => {
    const distFolder = findRuntime()
    ensureSystemLibraries(distFolder)
    const report = freshReport('e2e.json')
    const args = ['test', '--config', 'e2e/playwright.config.ts', ...filters]
    // A display for each spec that runs at the same time: windows on one display fight for the keyboard focus.
    return withDisplays(Math.min(MOST_WINDOWS, os.availableParallelism()), async (displays) => {
      const environment = {
        ...(displays[0] === undefined ? {} : { DISPLAY: displays[0], HEAPSCAPE_E2E_DISPLAYS: displays.join(' ') }),
        ELECTRON_OVERRIDE_DIST_PATH: distFolder,
        PLAYWRIGHT_JSON_OUTPUT_FILE: report,
        ...(thorough ? { HEAPSCAPE_E2E: 'thorough' } : {}),
      }
      const ok = await runNode(dependencyFile('@playwright/test/cli.js'), args, environment)
      return { ok, counts: readPlaywrightCounts(report) }
    })
  },
})

const buildStep = nodeStep('build', 'scripts/build.mjs')

/** Rules that need types go through oxlint: with them ESLint takes four times as long. @type {Step} */
const lintStep = {
  name: 'lint',
  run: async () => {
    const isStyleGood = await runNode(dependencyFile('eslint/bin/eslint.js'), ['.', '--max-warnings=0'])
    const isTypedCodeGood = await runNode(dependencyFile('oxlint/bin/oxlint'), ['--quiet', 'shared', 'main', 'preload', 'renderer', 'e2e'])
    return { ok: isStyleGood && isTypedCodeGood }
  },
}

/** @type {Step[]} */
const checkSteps = [
  together('types and lint', [
    nodeStep('types', dependencyFile('vue-tsc/bin/vue-tsc.js'), ['-b']),
    lintStep,
  ]),
  nodeStep('layers', 'scripts/check-layers.mjs'),
  nodeStep('sizes', 'scripts/check-size.mjs'),
  nodeStep('generated pages', 'scripts/make-docs.mjs', ['--check']),
  unitStep({ long: false }),
]

/** @type {Record<string, Step[]>} */
export const modes = {
  full: [...checkSteps, buildStep, endToEndStep({ thorough: false })],
  check: checkSteps,
  long: [drawnAnewStep, unitStep({ long: true })],
  e2e: [buildStep, endToEndStep({ thorough: true })],
}
