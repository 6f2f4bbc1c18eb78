import { parseArgs, type ParseArgsConfig } from 'node:util'
import { HeapscapeError } from '../../shared/base/errors'
import type { Output } from './output'

export type OptionTable = NonNullable<ParseArgsConfig['options']>
export type OptionValues = Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>

/** One command of the command line: what it takes, what it says of itself, what it does. */
export interface Command {
  readonly name: string
  /** Arguments as shown in the usage line, for instance `A B [--heap ID]...`. */
  readonly usage: string
  readonly summary: string
  readonly options: OptionTable
  /** Options that take all values up to the next option: `--baseline a b c`. */
  readonly variadic?: readonly string[]
  /** Smallest and largest number of positional arguments. */
  readonly takes: readonly [number, number]
  run(positionals: readonly string[], options: OptionValues, output: Output): Promise<ExitCode>
}

/** 0 ok, 1 gate failed, 2 usage, unreadable input or internal error, 3 not comparable. */
export const ExitCode = { Ok: 0, GateFailed: 1, Error: 2, NotComparable: 3 } as const
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode]

/** @throws HeapscapeError `usage` */
export function parseCommand(command: Command, args: readonly string[]): { positionals: string[]; values: OptionValues } {
  let parsed: { positionals: string[]; values: OptionValues }
  try {
    parsed = parseArgs({ args: spreadValues(args, command.variadic ?? []), options: command.options, allowPositionals: true, strict: true })
  } catch (error) {
    throw usageError(command, error instanceof Error ? error.message.split('\n')[0]! : String(error))
  }
  const [least, most] = command.takes
  const count = parsed.positionals.length
  if (count < least || count > most) {
    throw usageError(command, `expected ${least === most ? least : `${least} or more`} argument${least === 1 && most === 1 ? '' : 's'}, got ${count}`)
  }
  return parsed
}

/** `--baseline a b` becomes `--baseline=a --baseline=b`, which the parser of Node understands. */
function spreadValues(args: readonly string[], variadic: readonly string[]): string[] {
  const spread: string[] = []
  let open: string | undefined
  for (const arg of args) {
    if (arg.startsWith('-')) {
      open = variadic.find((name) => arg === `--${name}`)
      if (open === undefined) spread.push(arg)
    } else spread.push(open === undefined ? arg : `--${open}=${arg}`)
  }
  return spread
}

export function usageError(command: Command, problem: string): HeapscapeError {
  return new HeapscapeError('usage', { detail: `heapscape ${command.name}: ${problem}. Usage: heapscape ${command.name} ${command.usage}` })
}

/** Values of an option that may be given several times. */
export function listOf(value: OptionValues[string]): string[] {
  return (Array.isArray(value) ? value : []).filter((item): item is string => typeof item === 'string')
}

/**
 * `--set name=value` pairs.
 * @throws HeapscapeError `usage`
 */
export function parseSettings(pairs: readonly string[]): Record<string, string> {
  const settings: Record<string, string> = {}
  for (const pair of pairs) {
    const equals = pair.indexOf('=')
    if (equals < 1) throw new HeapscapeError('usage', { detail: `--set expects name=value, got "${pair}"` })
    settings[pair.slice(0, equals)] = pair.slice(equals + 1)
  }
  return settings
}
