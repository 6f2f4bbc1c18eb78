// Counts of passed, failed and skipped tests, out of the test runners' JSON reports.
import fs from 'node:fs'

/** @typedef {import('./run-steps.mjs').Counts} Counts */

/** A runner that left no report has crashed: that is one failure, not none. @type {Counts} */
const noReport = { passed: 0, failed: 1, skipped: 0 }

/** @param {string} file @returns {unknown} undefined when there is none */
function readReport(file) {
  return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : undefined
}

/**
 * @typedef {object} VitestReport
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {number} numPendingTests
 * @property {number} numTodoTests
 * @property {{ status: string, assertionResults: unknown[] }[]} testResults
 */

/**
 * A file that fails to load has no tests to count, yet is a failure.
 * @param {VitestReport} report @returns {Counts}
 */
export function countVitest(report) {
  const brokenFiles = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length
  return { passed: report.numPassedTests, failed: report.numFailedTests + brokenFiles, skipped: report.numPendingTests + report.numTodoTests }
}

/**
 * A test that passed only when repeated counts as passed: Playwright calls it flaky.
 * @param {{ stats: { expected: number, unexpected: number, flaky: number, skipped: number }, errors: unknown[] }} report errors: those outside any test
 * @returns {Counts}
 */
export function countPlaywright({ stats, errors }) {
  return { passed: stats.expected + stats.flaky, failed: stats.unexpected + errors.length, skipped: stats.skipped }
}

/** @param {string} file @returns {Counts} */
export function readVitestCounts(file) {
  const report = readReport(file)
  return report === undefined ? noReport : countVitest(/** @type {VitestReport} */ (report))
}

/** @param {string} file @returns {Counts} */
export function readPlaywrightCounts(file) {
  const report = readReport(file)
  return report === undefined ? noReport : countPlaywright(/** @type {Parameters<typeof countPlaywright>[0]} */ (report))
}
