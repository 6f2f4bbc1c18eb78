import type { MessagePortMain, UtilityProcess } from 'electron'
import { MessageChannelMain, utilityProcess } from 'electron'
import type { HelperRole, ToEngineProcess } from '../../shared/ipc/engine-host-messages'

/*
 * Processes the engine asks for: only main can start one.
 *
 *   engine --start-helper--> main --fork--> helper
 *   engine <------------- MessagePort ----> helper      orders and answers; main never sees them
 *
 * A helper lives until the engine lets go of it, and never longer than the engine.
 */
export class HelperHost {
  readonly #file: string
  readonly #tellEngine: (message: ToEngineProcess, ports?: MessagePortMain[]) => void
  readonly #running = new Map<string, UtilityProcess>()

  /** @param file the helpers' bundle */
  constructor(file: string, tellEngine: (message: ToEngineProcess, ports?: MessagePortMain[]) => void) {
    this.#file = file
    this.#tellEngine = tellEngine
  }

  start(helperId: string, role: HelperRole): void {
    const { port1, port2 } = new MessageChannelMain()
    const child = utilityProcess.fork(this.#file, [role], { serviceName: `Heapscape ${role} helper`, stdio: 'inherit' })
    this.#running.set(helperId, child)
    child.on('exit', (code: number) => {
      if (this.#running.get(helperId) !== child) return
      this.#running.delete(helperId)
      this.#tellEngine({ type: 'helper-ended', helperId, reason: `exit code ${code}` })
    })
    child.postMessage(null, [port1])
    this.#tellEngine({ type: 'helper', helperId }, [port2])
  }

  end(helperId: string): void {
    const child = this.#running.get(helperId)
    this.#running.delete(helperId)
    child?.kill()
  }

  endAll(): void {
    for (const helperId of [...this.#running.keys()]) this.end(helperId)
  }
}
