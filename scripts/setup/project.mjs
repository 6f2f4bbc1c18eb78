// Where the project lies, which Node runs it, and how its scripts talk and start other programs.
// Only Node built-ins here: this code runs before any dependency is installed.
import { spawn, spawnSync } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const projectRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..')

const oldestNode = { major: 20, minor: 19 }

/** An expected failure with a message for the person at the keyboard: printed without a stack. */
export class SetupError extends Error {}

/** Progress and notices go to stderr, so that a script's stdout carries only its result. @param {string} text */
export function announce(text) {
  process.stderr.write(`${text}\n`)
}

/** @param {string} version for example "20.19.0" */
export function isNodeNewEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > oldestNode.major || (major === oldestNode.major && minor >= oldestNode.minor)
}

function requireNode() {
  if (isNodeNewEnough(process.versions.node)) return
  throw new SetupError(`Node ${oldestNode.major}.${oldestNode.minor} or newer is needed; this is ${process.versions.node}.`)
}

/** @param {unknown} error */
function describeFailure(error) {
  if (error instanceof SetupError) return error.message
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

/**
 * Runs a script's main function and turns its outcome into the exit code.
 * @param {() => Promise<number>} main gives the exit code
 * @param {{ failureCode?: number }} options the exit code when main throws
 */
export async function runMain(main, { failureCode = 1 } = {}) {
  try {
    requireNode()
    process.exitCode = await main()
  } catch (error) {
    announce(describeFailure(error))
    process.exitCode = failureCode
  }
}

/** The environment every program we start gets: an Electron that shows windows, messages and times that do not depend on the machine. */
export function childEnvironment(extra = {}) {
  /** @type {NodeJS.ProcessEnv} */
  const environment = { ...process.env, ...extra }
  delete environment.ELECTRON_RUN_AS_NODE
  return environment
}

/**
 * Runs a program with our input and output until it ends. Being asked to stop is passed on to it.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, environment?: NodeJS.ProcessEnv }} options environment: what it gets besides ours
 * @returns {Promise<number | null>} its exit code; null when a signal ended it
 */
export function runProgram(command, args, { cwd = projectRoot, environment = {} } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: 'inherit', env: childEnvironment(environment) })
    const signals = /** @type {const} */ (['SIGTERM', 'SIGINT', 'SIGHUP'])
    const passOn = (/** @type {NodeJS.Signals} */ signal) => void child.kill(signal)
    for (const signal of signals) process.on(signal, passOn)
    child.on('error', reject)
    child.on('close', (code) => {
      for (const signal of signals) process.off(signal, passOn)
      resolve(code)
    })
  })
}

/**
 * Runs npm with its output on our stderr.
 * @param {string[]} args
 * @param {{ cwd?: string }} options
 * @returns {boolean} whether it succeeded
 */
export function runNpm(args, options = {}) {
  // npm is a .cmd file on Windows, which only a shell can start.
  const result = spawnSync('npm', args, { cwd: options.cwd ?? projectRoot, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' })
  return result.status === 0
}

/** Path of a file inside node_modules. @param {string} relativePath */
export function dependencyFile(relativePath) {
  return path.join(projectRoot, 'node_modules', relativePath)
}

/**
 * Arguments as the user meant them: npm changes into the project folder, the user typed the paths elsewhere.
 * Options (leading dash) and workload names ("workload:G1") stay; "--name=PATH" is resolved for the named options.
 * @param {string[]} args
 * @param {{ pathOptions: readonly string[], base?: string }} options
 */
export function resolveUserPaths(args, { pathOptions, base = process.env.INIT_CWD ?? process.cwd() }) {
  return args.map((argument) => {
    const option = pathOptions.find((name) => argument.startsWith(`${name}=`))
    if (option !== undefined) return `${option}=${path.resolve(base, argument.slice(option.length + 1))}`
    const isPath = !argument.startsWith('-') && !/^[a-z]{2,}:/i.test(argument)
    return isPath ? path.resolve(base, argument) : argument
  })
}
