// npm run build [-- main|preload|renderer|cli ...]: builds the named targets, all of them when none is named.
import { ensureDependencies } from './setup/dependencies.mjs'
import { announce, runMain, SetupError } from './setup/project.mjs'

await runMain(async () => {
  ensureDependencies()
  const { buildTargets, targetNames } = await import('./build/build-targets.mjs')
  const wanted = process.argv.slice(2)
  const unknown = wanted.find((name) => !targetNames.includes(name))
  if (unknown !== undefined) throw new SetupError(`No build target "${unknown}"; there are ${targetNames.join(', ')}.`)
  const start = performance.now()
  await buildTargets(wanted.length > 0 ? wanted : targetNames)
  announce(`Built in ${((performance.now() - start) / 1000).toFixed(1)} s.`)
  return 0
})
