import { csvField, type ShownValue } from '../../../shared/base/shown-table'
import { explainRun } from '../../../shared/jobs/explain-run'
import { runSimulation } from '../../../shared/jobs/run-simulation'
import { grownRows, placedRows } from '../../../shared/sim/profiles/reasons/reason-rows'
import { type Command, ExitCode, listOf, parseSettings, usageError } from '../arguments'
import { asTrace, importOptions, INPUT_OPTIONS, openInput, withJob } from '../input'
import type { Output } from '../output'

/** Rows written at a time: millions of placements do not fit one string. */
const ROWS_AT_A_TIME = 20_000

const PLACED = ['event', 'address', 'size', 'requested', 'reason', 'text'] as const
const GROWN = ['event', 'reason', 'text'] as const
type Field = (typeof PLACED)[number]
type Row = { readonly [F in Field]?: ShownValue }

export const explainCommand: Command = {
  name: 'explain',
  usage: 'INPUT --heap ID [--profile ID] [--set name=value]... [--event N] [--growth] [--strict] [--csv|--json]',
  summary: 'says for every placement of a simulated run why the block lies where it does, or why the heap took and gave back memory',
  options: {
    ...INPUT_OPTIONS,
    heap: { type: 'string' },
    profile: { type: 'string' },
    set: { type: 'string', multiple: true },
    event: { type: 'string' },
    growth: { type: 'boolean' },
    csv: { type: 'boolean' },
    json: { type: 'boolean' },
  },
  takes: [1, 1],
  run: async ([input], values, output) => {
    const { heap, profile } = values
    if (typeof heap !== 'string') throw usageError(explainCommand, 'expected --heap ID (heapscape heaps lists them)')
    if (values['csv'] === true && values['json'] === true) throw usageError(explainCommand, '--csv and --json exclude each other')
    const event = eventOf(values['event'])
    const trace = asTrace(await openInput(input!, importOptions(values)), input!)
    const choice = { heap, overrides: parseSettings(listOf(values['set'])), explain: true, ...(typeof profile === 'string' ? { profile } : {}) }
    const run = await withJob(`simulating ${heap}`, (job) => runSimulation(trace, choice, job))
    const reasons = await withJob('explaining', (job) => explainRun(run, trace, job))
    const isGrowth = values['growth'] === true
    const rows = ofEvent(isGrowth ? grownRows(run, reasons) : placedRows(run, reasons), event)
    const fields: readonly Field[] = isGrowth ? GROWN : PLACED
    if (values['json'] === true) writeJson(rows, output)
    else if (values['csv'] === true) writeRows(rows, output, fields.join(','), (row) => fields.map((field) => csvField(shown(field, row[field] ?? null))).join(','))
    else writeRows(rows, output, undefined, (row) => `${String(row.event)}  ${row.address === undefined ? '' : `${String(shown('address', row.address))}  `}${String(row.text)}`)
    return ExitCode.Ok
  },
}

/** Addresses as people read them. */
const shown = (field: Field, value: ShownValue): ShownValue => (field === 'address' && typeof value === 'number' ? `0x${value.toString(16)}` : value)

/** @throws HeapscapeError `usage` */
function eventOf(text: unknown): number | undefined {
  if (typeof text !== 'string') return undefined
  if (!/^\d+$/.test(text)) throw usageError(explainCommand, `--event is the number of an event, not "${text}"`)
  return Number(text)
}

function* ofEvent(rows: Iterable<Row>, event: number | undefined): Generator<Row> {
  for (const row of rows) if (event === undefined || row.event === event) yield row
}

function writeRows(rows: Iterable<Row>, output: Output, head: string | undefined, lineOf: (row: Row) => string): void {
  let lines = head === undefined ? [] : [head]
  for (const row of rows) {
    lines.push(lineOf(row))
    if (lines.length < ROWS_AT_A_TIME) continue
    output.result(lines.join('\n'))
    lines = []
  }
  if (lines.length > 0) output.result(lines.join('\n'))
}

/** One array, an object a line. */
function writeJson(rows: Iterable<Row>, output: Output): void {
  let separator = '['
  writeRows(rows, output, undefined, (row) => {
    const line = `${separator}${JSON.stringify(row)}`
    separator = ','
    return line
  })
  output.result(separator === '[' ? '[]' : ']')
}
