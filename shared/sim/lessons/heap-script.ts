import { HeapscapeError } from '../../base/errors'
import type { Comparison } from '../console/syntax'

/*
 * The script of a heap lesson, one command a line, # begins a comment:
 *
 *   heap first-fit word capacity=320     heap manager, profile, parameters; the first line
 *   a 1..10 32                           allocate 32 bytes for each of the ids 1 to 10
 *   f 1 3 5..9                           free;   f 0..4095 except every 16   keeps 0, 16, 32 ...
 *   r 1 64                               reallocate
 *   repeat 1000: a x 100; a y 100; f y   an id used again is a new block; the old one stays, lost
 *   repeat 5000: a p+ 40; a q+ 40        ids p1, q1, p2, q2 ...
 *   workload G8                          the events of a built-in workload;   workload G1 1..500   some of them
 *   buffer 64 1.5 16                     a buffer of 64 bytes that grows 16 times by half, always into a new block
 *   adversary 1024 6                     Robson's worst case: block sizes 1 to 2^6, at most 1024 bytes alive
 *   assert scatter = 0.8                 measure, comparison, value
 */
export type HeapCommand =
  | { readonly kind: 'allocate'; readonly ids: readonly string[]; readonly bytes: number; readonly line: number }
  | { readonly kind: 'free'; readonly ids: readonly string[]; readonly line: number }
  | { readonly kind: 'reallocate'; readonly ids: readonly string[]; readonly bytes: number; readonly line: number }
  | { readonly kind: 'repeat'; readonly times: number; readonly body: readonly HeapCommand[]; readonly line: number }
  | { readonly kind: 'workload'; readonly id: string; readonly from: number; readonly to: number; readonly line: number }
  | { readonly kind: 'buffer'; readonly firstBytes: number; readonly factor: number; readonly steps: number; readonly line: number }
  | { readonly kind: 'adversary'; readonly mostBytes: number; readonly order: number; readonly line: number }
  | { readonly kind: 'assert'; readonly measure: string; readonly argument: string; readonly comparison: Comparison; readonly expected: string; readonly text: string; readonly line: number }

export interface HeapScript {
  readonly heap: string
  readonly profile: string
  readonly overrides: Readonly<Record<string, string>>
  readonly commands: readonly HeapCommand[]
}

const ASSERT = /^assert\s+(\w+)(?:\(([^)]*)\))?\s*(!=|<=|>=|=|<|>)\s*(\S+)$/
const MOST_IDS = 1 << 20

/** @throws HeapscapeError `format-malformed` with the line */
export function parseHeapScript(text: string): HeapScript {
  const lines = text.split(/\r?\n/).map((line, index) => ({ line: index + 1, text: line.replace(/#.*/, '').trim() }))
  const [head, ...rest] = lines.filter((line) => line.text !== '')
  if (head === undefined || !head.text.startsWith('heap ')) throw malformed(head?.line ?? 1, 'heap MANAGER PROFILE [name=value]...', head?.text ?? '')
  const [, heap = '', profile = '', ...settings] = head.text.split(/\s+/)
  const overrides: Record<string, string> = {}
  for (const setting of settings) {
    const [name, value] = setting.split('=')
    if (name === undefined || value === undefined) throw malformed(head.line, 'name=value', setting)
    overrides[name] = value
  }
  return { heap, profile, overrides, commands: rest.map((line) => readCommand(line.text, line.line)) }
}

function readCommand(text: string, line: number): HeapCommand {
  const repeated = /^repeat\s+(\d+)\s*:\s*(.+)$/.exec(text)
  if (repeated !== null) return { kind: 'repeat', times: Number(repeated[1]), body: repeated[2]!.split(';').map((part) => readCommand(part.trim(), line)), line }
  const asserted = ASSERT.exec(text)
  if (asserted !== null) {
    const [, measure = '', argument = '', comparison, expected = ''] = asserted
    return { kind: 'assert', measure, argument, comparison: comparison as Comparison, expected, text, line }
  }
  const [verb, ...words] = text.split(/\s+/)
  switch (verb) {
    case 'a':
      return { kind: 'allocate', ids: readIds(words.slice(0, -1), line), bytes: readNumber(words.at(-1), line), line }
    case 'r':
      return { kind: 'reallocate', ids: readIds(words.slice(0, -1), line), bytes: readNumber(words.at(-1), line), line }
    case 'f':
      return { kind: 'free', ids: readIds(words, line), line }
    case 'workload':
      return readWorkload(words, line)
    case 'buffer':
      return { kind: 'buffer', firstBytes: readNumber(words[0], line), factor: readFactor(words[1], line), steps: readNumber(words[2], line), line }
    case 'adversary':
      return { kind: 'adversary', mostBytes: readNumber(words[0], line), order: readNumber(words[1], line), line }
    default:
      throw malformed(line, 'a, f, r, repeat, workload, buffer, adversary or assert', text)
  }
}

/** Names and ranges; `except every 16` leaves out the multiples of 16. */
function readIds(words: readonly string[], line: number): string[] {
  const except = words.indexOf('except')
  const step = except < 0 ? 0 : readNumber(words[except + 2], line)
  if (except >= 0 && (words[except + 1] !== 'every' || step === 0)) throw malformed(line, 'except every NUMBER', words.slice(except).join(' '))
  const ids: string[] = []
  for (const word of except < 0 ? words : words.slice(0, except)) {
    const range = /^([a-z]*)(\d+)\.\.(\d+)$/.exec(word)
    if (range === null) {
      ids.push(word)
      continue
    }
    const [first, last] = [Number(range[2]), Number(range[3])]
    if (last - first >= MOST_IDS) throw malformed(line, `at most ${MOST_IDS} ids`, word)
    for (let id = first; id <= last; id++) if (step === 0 || id % step !== 0) ids.push(`${range[1]!}${id}`)
  }
  if (ids.length === 0) throw malformed(line, 'an id', words.join(' '))
  return ids
}

/** Events [from, to] from 1 on; all of them unless told. */
function readWorkload([id = '', span]: readonly string[], line: number): HeapCommand {
  const range = /^(\d+)\.\.(\d+)$/.exec(span ?? '1..4294967295')
  if (range === null) throw malformed(line, 'FROM..TO', span ?? '')
  return { kind: 'workload', id, from: Number(range[1]), to: Number(range[2]), line }
}

function readFactor(word: string | undefined, line: number): number {
  const factor = Number(word)
  if (!(factor > 1 && factor <= 16)) throw malformed(line, 'a factor above 1', word ?? '')
  return factor
}

function readNumber(word: string | undefined, line: number): number {
  if (word === undefined || !/^\d+$/.test(word)) throw malformed(line, 'a whole number', word ?? '')
  return Number(word)
}

const malformed = (line: number, expected: string, got: string): HeapscapeError => new HeapscapeError('format-malformed', { expected, got: `"${got}"` }, { line })
