// npm start -- [--screenshot OUT.png] [FILE...]: installs, builds what is stale, finds an Electron and opens the window.
import { findRuntime, runElectron } from './electron/find-runtime.mjs'
import { ensureDependencies } from './setup/dependencies.mjs'
import { withDisplay } from './setup/display.mjs'
import { resolveUserPaths, runMain } from './setup/project.mjs'
import { ensureSystemLibraries } from './setup/system-libraries.mjs'

await runMain(async () => {
  ensureDependencies()
  const { buildStale } = await import('./build/build-targets.mjs')
  await buildStale(['main', 'preload', 'renderer'])
  const distFolder = findRuntime()
  ensureSystemLibraries(distFolder)
  const args = resolveUserPaths(process.argv.slice(2), { pathOptions: ['--screenshot'] })
  return withDisplay((environment) => runElectron({ distFolder, args, environment }))
})
