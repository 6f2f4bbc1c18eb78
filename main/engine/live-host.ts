import type { MessagePortMain, UtilityProcess } from 'electron'
import { MessageChannelMain, utilityProcess } from 'electron'

/**
 * Starts the process that captures running programs when the engine wants one, and gives the engine the port to it. Foreign
 * code runs there, so that a fault of it ends neither engine nor window; the engine notices by its port and asks again.
 */
export class LiveHost {
  readonly #file: string
  #process: UtilityProcess | null = null

  /** @param file the bundle of the process */
  constructor(file: string) {
    this.#file = file
  }

  /** The port for the engine. A process that is still there ends: its engine is gone. */
  start(): MessagePortMain {
    this.stop()
    const child = utilityProcess.fork(this.#file, [], { serviceName: 'Heapscape capture', stdio: 'inherit' })
    const { port1, port2 } = new MessageChannelMain()
    child.postMessage({ type: 'connect' }, [port1])
    child.on('exit', () => {
      if (this.#process === child) this.#process = null
    })
    this.#process = child
    return port2
  }

  stop(): void {
    const child = this.#process
    this.#process = null
    child?.kill()
  }
}
