import { defineConfig } from '@playwright/test'

// The specs start the built application in the Electron that ELECTRON_OVERRIDE_DIST_PATH names; `npm run e2e` sets it.
export default defineConfig({
  testDir: '.',
  outputDir: '../out/reports/e2e',
  // A worker for each display (app.ts): windows that share one fight for the keyboard focus.
  workers: Math.max(1, (process.env.HEAPSCAPE_E2E_DISPLAYS ?? '').split(' ').length),
  fullyParallel: false,
  // A retry would hide what is unreliable.
  retries: 0,
  // Several times what a test takes: where other programs run too, all of it takes longer.
  timeout: 180_000,
  expect: { timeout: 20_000 },
  forbidOnly: process.env.CI !== undefined,
  reporter: [['list'], ['json']],
  // Recording a trace slows every step; `npm run e2e` does it.
  use: { trace: process.env.HEAPSCAPE_E2E === 'thorough' ? 'retain-on-failure' : 'off', screenshot: 'only-on-failure' },
})
