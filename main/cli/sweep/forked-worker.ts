import { fork } from 'node:child_process'
import type { SweepAnswer, SweepOrder, SweepShare } from '../../sweep/sweep-work'
import { workOff, type StartWorker } from '../../sweep/worker-pool'

/** Argument that makes this program a worker: it takes orders from its parent and ends with it. */
export const WORKER_ARGUMENT = '--sweep-worker'

/** This program once more, as a child that ends with its parent. */
export const startFork: StartWorker = ({ message, ended }) => {
  const child = fork(process.argv[1]!, [WORKER_ARGUMENT], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  child.on('message', message)
  child.on('exit', (code, signal) => ended(code === 0 ? null : (signal ?? `code ${String(code)}`)))
  return {
    send: (order) => void child.send(order),
    release: () => child.disconnect(),
    kill: () => void child.kill(),
  }
}

/** The child's side. Ends when the parent goes away. */
export function runAsWorker(): Promise<void> {
  const work = workOff((answer: SweepAnswer | SweepShare) => {
    if (process.connected) process.send?.(answer)
  })
  return new Promise((resolve) => {
    process.on('message', (order: SweepOrder) => work.take(order))
    process.on('disconnect', () => void work.done().then(resolve))
  })
}
