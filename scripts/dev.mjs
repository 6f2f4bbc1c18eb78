// npm run dev [-- FILE...]: the window's code comes from Vite's development server (changes appear at once); main, preload and the
// engine are built once, so a change there needs a restart. The application finds the server in HEAPSCAPE_DEV_URL.
import { findRuntime, runElectron } from './electron/find-runtime.mjs'
import { ensureDependencies } from './setup/dependencies.mjs'
import { withDisplay } from './setup/display.mjs'
import { announce, resolveUserPaths, runMain } from './setup/project.mjs'
import { ensureSystemLibraries } from './setup/system-libraries.mjs'

await runMain(async () => {
  ensureDependencies()
  const { createServer } = await import('vite')
  const { buildStale } = await import('./build/build-targets.mjs')
  const { rendererConfig } = await import('./build/vite-configs.mjs')
  await buildStale(['main', 'preload'])
  const distFolder = findRuntime()
  ensureSystemLibraries(distFolder)
  const server = await createServer({ ...rendererConfig({ outFolder: '', pages: {} }), logLevel: 'info' })
  await server.listen()
  const url = server.resolvedUrls?.local[0] ?? ''
  announce(`The window's code is served at ${url}`)
  try {
    const args = resolveUserPaths(process.argv.slice(2), { pathOptions: ['--screenshot'] })
    return await withDisplay((environment) => runElectron({ distFolder, args, environment: { ...environment, HEAPSCAPE_DEV_URL: url } }))
  } finally {
    await server.close()
  }
})
