// A virtual display for machines without one. Xvfb picks a free display number itself and tells it through a pipe,
// so that several runs side by side never meet.
import { spawn } from 'node:child_process'
import { announce, SetupError } from './project.mjs'

const screen = '1920x1200x24'
const startTimeoutMs = 20_000

export function needsVirtualDisplay() {
  return process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY
}

// Xvfb ends when our end of the pipe closes, so it goes with us however we end, even when killed.
const serverScript = `exec 4<&0
Xvfb -displayfd 3 -screen 0 ${screen} -nolisten tcp &
server=$!
(cat <&4 >/dev/null; kill $server 2>/dev/null) &
wait $server`

/**
 * Starts Xvfb.
 * @returns {Promise<{ display: string, stop: () => void }>}
 */
function startXvfb() {
  return new Promise((resolve, reject) => {
    const server = spawn('sh', ['-c', serverScript], { stdio: ['pipe', 'ignore', 'pipe', 'pipe'] })
    let messages = ''
    const stop = () => void server.stdin?.end()
    const fail = (/** @type {string} */ reason) => {
      clearTimeout(timer)
      stop()
      reject(new SetupError(`The virtual display did not start (${reason}). ${messages.trim()}`))
    }
    const timer = setTimeout(() => fail(`no answer in ${startTimeoutMs / 1000} s`), startTimeoutMs)
    server.on('error', (error) => fail(error.message))
    server.on('exit', (code) => fail(`it ended with code ${code}`))
    server.stderr?.on('data', (chunk) => (messages += String(chunk)))
    server.stdio[3]?.once('data', (chunk) => {
      clearTimeout(timer)
      server.removeAllListeners('exit')
      resolve({ display: `:${String(chunk).trim()}`, stop })
    })
  })
}

/**
 * Runs `work` with the environment variables that give it a display.
 * @template T
 * @param {(environment: Record<string, string>) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withDisplay(work) {
  return withDisplays(1, (displays) => work(displays[0] === undefined ? {} : { DISPLAY: displays[0] }))
}

/**
 * Runs `work` with the names of `count` virtual displays, each with a keyboard focus of its own; with none where the machine has a display.
 * @template T
 * @param {number} count
 * @param {(displays: string[]) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withDisplays(count, work) {
  if (!needsVirtualDisplay()) return work([])
  /** @type {{ display: string, stop: () => void }[]} */
  const virtual = []
  try {
    while (virtual.length < count) virtual.push(await startXvfb())
    const displays = virtual.map(({ display }) => display)
    announce(`No display here: using virtual ones (Xvfb ${displays.join(', ')}; ${screen}).`)
    return await work(displays)
  } finally {
    for (const { stop } of virtual) stop()
  }
}
