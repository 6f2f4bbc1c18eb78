// npm run -s heapscape -- COMMAND: the command line in a clone. stdout carries only the command's result.
// A set-up that fails counts as an internal error of the command line (exit code 2; 1 is a failed gate).
import path from 'node:path'
import { ensureDependencies } from './setup/dependencies.mjs'
import { projectRoot, runMain, runProgram } from './setup/project.mjs'

await runMain(async () => {
  ensureDependencies()
  const { buildStale } = await import('./build/build-targets.mjs')
  await buildStale(['cli'])
  const entry = path.join(projectRoot, 'out/cli/heapscape.mjs')
  // npm changes into the project folder; the command shall see the folder the user is in.
  const cwd = process.env.INIT_CWD ?? process.cwd()
  return (await runProgram(process.execPath, [entry, ...process.argv.slice(2)], { cwd })) ?? 2
}, { failureCode: 2 })
