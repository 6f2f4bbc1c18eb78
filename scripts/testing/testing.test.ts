import { describe, expect, test, vi } from 'vitest'
import { formatTotals, runSteps } from './run-steps.mjs'
import { countPlaywright, countVitest } from './test-reports.mjs'

describe('summing up', () => {
  test('skipped tests are named only when there are some', () => {
    expect(formatTotals([{ passed: 3, failed: 0, skipped: 0 }, { passed: 2, failed: 1, skipped: 0 }])).toBe('5 passed, 1 failed')
    expect(formatTotals([{ passed: 3, failed: 0, skipped: 4 }])).toBe('3 passed, 0 failed, 4 skipped')
  })

  test('a test file that does not load counts as a failure', () => {
    const testResults = [{ status: 'failed', assertionResults: [] }, { status: 'failed', assertionResults: [{}] }, { status: 'passed', assertionResults: [{}] }]
    expect(countVitest({ numPassedTests: 5, numFailedTests: 1, numPendingTests: 2, numTodoTests: 1, testResults })).toEqual({ passed: 5, failed: 2, skipped: 3 })
  })

  test('flaky passes, errors outside tests fail', () => {
    expect(countPlaywright({ stats: { expected: 3, unexpected: 1, flaky: 1, skipped: 2 }, errors: [{}] })).toEqual({ passed: 4, failed: 2, skipped: 2 })
  })

  test('every step runs, a failed one makes the run fail, and what needs it is not run', async () => {
    const lines: string[] = []
    const log = vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line))
    const dependent = vi.fn(() => Promise.resolve({ ok: true }))
    const code = await runSteps(
      [
        { name: 'build', run: () => Promise.resolve({ ok: false }) },
        { name: 'unit', run: () => Promise.resolve({ ok: true, counts: { passed: 7, failed: 0, skipped: 0 } }) },
        { name: 'e2e', needs: 'build', run: dependent },
      ],
      [],
    )
    log.mockRestore()
    expect(code).toBe(1)
    expect(dependent).not.toHaveBeenCalled()
    expect(lines.at(-2)).toBe('Failed steps: build, e2e')
    expect(lines.at(-1)).toBe('7 passed, 0 failed')
  })
})
