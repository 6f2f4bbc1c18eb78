import type { Failure } from '../../../shared/base/errors'
import { runCommandLine } from '../command-line'
import { failureLine } from '../output'

export interface CommandOutcome {
  readonly code: number
  readonly text: string
  readonly errors: readonly string[]
  /** Parses stdout. */
  json(): unknown
}

/** Runs one command line and keeps what it says. */
export async function runCommand(...args: string[]): Promise<CommandOutcome> {
  const results: string[] = []
  const errors: string[] = []
  const code = await runCommandLine(args, {
    result: (text) => results.push(text),
    failure: (failure: Failure) => errors.push(failureLine(failure)),
  })
  const text = results.join('\n')
  return { code, text, errors, json: () => JSON.parse(text) as unknown }
}
