// npm run -s heapscape -- COMMAND: the command line in a clone. stdout carries only the command's result.
// A set-up that fails counts as an internal error of the command line (exit code 2; 1 is a failed gate).
import { spawn } from 'node:child_process'
import path from 'node:path'
import { ensureDependencies } from './setup/dependencies.mjs'
import { childEnvironment, projectRoot, runMain } from './setup/project.mjs'

/** @returns {Promise<number>} exit code */
function runCommandLine() {
  return new Promise((resolve, reject) => {
    const entry = path.join(projectRoot, 'out/cli/heapscape.mjs')
    // npm changes into the project folder; the command shall see the folder the user is in.
    const cwd = process.env.INIT_CWD ?? process.cwd()
    const child = spawn(process.execPath, [entry, ...process.argv.slice(2)], { cwd, stdio: 'inherit', env: childEnvironment() })
    child.on('error', reject)
    child.on('close', (code) => resolve(code ?? 2))
  })
}

await runMain(async () => {
  ensureDependencies()
  const { buildStale } = await import('./build/build-targets.mjs')
  await buildStale(['cli'])
  return runCommandLine()
}, { failureCode: 2 })
