import { HeapscapeError, toFailure } from '../../shared/base/errors'
import { loadParquet } from '../files/parquet-wasm'
import { type Command, ExitCode, parseCommand } from './arguments'
import { blocksCommand } from './commands/blocks'
import { compareCommand } from './commands/compare'
import { convertCommand } from './commands/convert'
import { explainCommand } from './commands/explain'
import { gateCommand } from './commands/gate'
import { heapsCommand } from './commands/heaps'
import { infoCommand } from './commands/info'
import { lessonCommand } from './commands/lesson'
import { lifetimesCommand } from './commands/lifetimes'
import { liveCommand } from './commands/live'
import { metricsCommand } from './commands/metrics'
import { queryCommand } from './commands/query'
import { scriptCommand } from './commands/script'
import { simulateCommand } from './commands/simulate'
import { sitesCommand } from './commands/sites'
import { sweepCommand } from './commands/sweep'
import type { Output } from './output'

const COMMANDS: readonly Command[] = [infoCommand, blocksCommand, lifetimesCommand, simulateCommand, explainCommand, sitesCommand, compareCommand, gateCommand, sweepCommand, queryCommand, convertCommand, heapsCommand, metricsCommand, lessonCommand, scriptCommand, liveCommand]

function helpText(): string {
  const commands = COMMANDS.map((command) => `  heapscape ${command.name} ${command.usage}\n      ${command.summary}`)
  return ['Usage: heapscape COMMAND ...', '', ...commands, '', 'Exit codes: 0 ok, 1 gate failed, 2 usage, unreadable input or internal error, 3 not comparable.'].join('\n')
}

/** Carries out one command line. Never throws: every failure is a line and an exit code. */
export async function runCommandLine(args: readonly string[], output: Output): Promise<ExitCode> {
  try {
    return await carryOut(args, output)
  } catch (error) {
    const failure = toFailure(error)
    output.failure(failure)
    return failure.code === 'not-comparable' ? ExitCode.NotComparable : ExitCode.Error
  }
}

async function carryOut(args: readonly string[], output: Output): Promise<ExitCode> {
  const [name, ...rest] = args
  if (name === 'help' || name === '--help' || name === '-h') {
    output.result(helpText())
    return ExitCode.Ok
  }
  const command = COMMANDS.find((known) => known.name === name)
  if (command === undefined) {
    const known = COMMANDS.map((c) => c.name).join(', ')
    throw new HeapscapeError('usage', { detail: name === undefined ? `expected a command: ${known}` : `unknown command "${name}"; known: ${known}` })
  }
  const { positionals, values } = parseCommand(command, rest)
  await loadParquet()
  return command.run(positionals, values, output)
}
