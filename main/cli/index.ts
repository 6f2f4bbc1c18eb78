import { HeapscapeError, toFailure } from '../../shared/base/errors'
import { loadParquet } from '../files/parquet-wasm'
import { type Command, ExitCode, parseCommand } from './arguments'
import { compareCommand } from './commands/compare'
import { convertCommand } from './commands/convert'
import { heapsCommand } from './commands/heaps'
import { infoCommand } from './commands/info'
import { metricsCommand } from './commands/metrics'
import { simulateCommand } from './commands/simulate'
import { printFailure, printResult } from './output'

const COMMANDS: readonly Command[] = [infoCommand, simulateCommand, compareCommand, convertCommand, heapsCommand, metricsCommand]

function helpText(): string {
  const commands = COMMANDS.map((command) => `  heapscape ${command.name} ${command.usage}\n      ${command.summary}`)
  return ['Usage: heapscape COMMAND ...', '', ...commands, '', 'Exit codes: 0 ok, 1 gate failed, 2 usage, unreadable input or internal error, 3 not comparable.'].join('\n')
}

async function main(args: readonly string[]): Promise<ExitCode> {
  const [name, ...rest] = args
  if (name === 'help' || name === '--help' || name === '-h') {
    printResult(helpText())
    return ExitCode.Ok
  }
  const command = COMMANDS.find((known) => known.name === name)
  if (command === undefined) {
    const known = COMMANDS.map((c) => c.name).join(', ')
    throw new HeapscapeError('usage', { detail: name === undefined ? `expected a command: ${known}` : `unknown command "${name}"; known: ${known}` })
  }
  const { positionals, values } = parseCommand(command, rest)
  await loadParquet()
  return command.run(positionals, values)
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  const failure = toFailure(error)
  printFailure(failure)
  process.exitCode = failure.code === 'not-comparable' ? ExitCode.NotComparable : ExitCode.Error
}
