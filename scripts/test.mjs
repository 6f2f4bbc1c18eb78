// npm test: everything. Modes: check (no build, no window), long (the long-running unit tests), e2e [FILTER] (build and window only).
import { ensureDependencies } from './setup/dependencies.mjs'
import { runMain, SetupError } from './setup/project.mjs'
import { runSteps } from './testing/run-steps.mjs'
import { modes } from './testing/steps.mjs'

await runMain(async () => {
  const [mode = 'full', ...filters] = process.argv.slice(2)
  const steps = modes[mode]
  if (!steps) throw new SetupError(`No test mode "${mode}"; there are ${Object.keys(modes).join(', ')}.`)
  ensureDependencies()
  return runSteps(steps, filters)
})
