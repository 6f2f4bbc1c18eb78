import { windowsVersions } from '../profiles/windows-versions'
import { apiFunctions, findApiFunction, type ApiFunction } from '../win32/api-catalog'
import { TYPE_NAMES } from './arguments'
import type { ArgumentHelp, Completion, CompletionItem, Variable } from './console-types'
import { flagText, namedConstants, setsOf } from './constants'
import { measureNames } from './measures'
import { ScriptMistake } from './syntax'
import { tokenize, type Token } from './tokens'

const MOST_ITEMS = 100

/** What fits at `column` (0-based) of a line, and help for the call whose arguments it is in. */
export function complete(text: string, column: number, variables: readonly Variable[]): Completion {
  const before = text.slice(0, column)
  const version = /^\s*windows\s+([\w.-]*)$/.exec(before)?.[1]
  if (version !== undefined) return versions(version.toLowerCase(), text, column)
  const from = column - (/[\w.]*$/.exec(before)?.[0].length ?? 0)
  const to = column + (/^\w*/.exec(text.slice(column))?.[0].length ?? 0)
  const help = argumentHelp(before)
  const word = before.slice(from).toLowerCase()
  const items = candidates(help, variables).filter((item) => item.text.toLowerCase().startsWith(word))
  return { from, to, items: items.slice(0, MOST_ITEMS), help }
}

function candidates(help: ArgumentHelp | null, variables: readonly Variable[]): CompletionItem[] {
  const own = variables.map((variable): CompletionItem => ({ text: variable.name, kind: 'variable', detail: variable.text }))
  const calls = apiFunctions.map((call): CompletionItem => ({ text: call.name, kind: 'call', detail: call.summary }))
  const keywords = KEYWORDS.map(([text, detail]): CompletionItem => ({ text, kind: 'keyword', detail }))
  const measures = measureNames.map(({ name, meaning }): CompletionItem => ({ text: name, kind: 'measure', detail: meaning }))
  if (help === null) return [...calls, ...own, ...keywords, ...measures]
  const set = findApiFunction(help.call)?.parameters[help.active]?.set
  const flags = set === undefined ? [] : namedConstants.filter((known) => known.sets.some((name) => setsOf(set)[0] === name))
  return [...flags.map(({ name, value }): CompletionItem => ({ text: name, kind: 'flag', detail: `0x${value.toString(16)}` })), ...own, ...calls, ...measures]
}

function versions(word: string, text: string, column: number): Completion {
  const found = windowsVersions.filter(({ id }) => id.startsWith(word))
  const to = column + (/^[\w.-]*/.exec(text.slice(column))?.[0].length ?? 0)
  return { from: column - word.length, to, items: found.map(({ id, title, manager }) => ({ text: id, kind: 'version', detail: `${title}: ${manager}` })), help: null }
}

const KEYWORDS: readonly (readonly [string, string])[] = [
  ['for', 'for i in 0..9: p[i] = HeapAlloc(heap, 0, 100)'],
  ['assert', 'assert heap.blocks = 10'],
  ['mark', 'remembers all bytes for changed.bytes'],
  ['windows', 'windows 10-x64 makes the process anew as that Windows'],
  ['why', 'why p: why the block lies there; why grew heap: why its memory last changed'],
]

/** The innermost call that is still open at the end of `before`. */
function argumentHelp(before: string): ArgumentHelp | null {
  const open: { name: string; commas: number }[] = []
  let previous: Token | undefined
  for (const token of readable(before)) {
    if (token.text === '(' && token.kind === 'sign') open.push({ name: previous?.kind === 'name' ? previous.text : '', commas: 0 })
    else if (token.text === ')' && token.kind === 'sign') open.pop()
    else if (token.text === ',' && token.kind === 'sign' && open.length > 0) open[open.length - 1]!.commas++
    previous = token
  }
  const innermost = open.reverse().find(({ name }) => findApiFunction(name) !== undefined)
  return innermost === undefined ? null : helpOf(findApiFunction(innermost.name)!, innermost.commas)
}

/** A line under the hands of its writer may end in an open text: then what lies before it. */
function readable(before: string): Token[] {
  try {
    return tokenize(before)
  } catch (error) {
    if (error instanceof ScriptMistake) return error.at === 0 ? [] : readable(before.slice(0, error.at))
    throw error
  }
}

export function helpOf({ name, summary, result, parameters }: ApiFunction, active: number): ArgumentHelp {
  return {
    call: name,
    summary,
    result: result === 'none' ? 'nothing' : result === 'bool' ? 'TRUE or FALSE' : result === 'flags' ? 'flags' : TYPE_NAMES[result],
    parameters: parameters.map((parameter) => ({
      name: parameter.name,
      type: TYPE_NAMES[parameter.kind],
      help: parameter.set === undefined ? '' : namedConstants.filter((known) => known.sets.includes(parameter.set!)).map((known) => known.name).join(', '),
      otherwise: parameter.otherwise === undefined ? null : parameter.set === undefined ? String(parameter.otherwise) : (flagText(parameter.set, Number(parameter.otherwise)) ?? String(parameter.otherwise)),
    })),
    active: Math.min(active, parameters.length),
  }
}
