// Measures in a process of its own, which stays for all rounds so that its code is warm.
import { fork, type ChildProcess } from 'node:child_process'
import path from 'node:path'
import type { BenchBody, BenchPlace } from '../bench-contract'

interface Message {
  readonly ready?: true
  readonly value?: number
  readonly error?: string
}

export interface ChildWork {
  readonly moduleUrl: string
  /** An exported function of the module: takes `args`, gives the function that measures once. */
  readonly exportName: string
  readonly args: readonly string[]
  /** Executable of an Electron, to run in it as Node; our own Node unless told. */
  readonly electron?: string
}

function nextMessage(child: ChildProcess): Promise<Message> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void => reject(new Error(`the measuring process ended with code ${code}`))
    child.once('exit', ended)
    child.once('error', reject)
    child.once('message', (message) => {
      child.off('exit', ended)
      child.off('error', reject)
      resolve(message as Message)
    })
  })
}

export async function childBench(place: BenchPlace, { moduleUrl, exportName, args, electron }: ChildWork): Promise<BenchBody> {
  const script = path.join(place.projectRoot, 'scripts/bench/peers/measure-child.mjs')
  const options = electron === undefined ? {} : { execPath: electron, env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' } }
  const child = fork(script, [moduleUrl, exportName, ...args], { ...options, execArgv: [] })
  await nextMessage(child)
  return {
    measure: async () => {
      child.send('measure')
      const { value, error } = await nextMessage(child)
      if (value === undefined) throw new Error(error ?? 'the measuring process gave no value')
      return value
    },
    dispose: () => {
      child.disconnect()
    },
  }
}
