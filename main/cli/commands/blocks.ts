import { HeapscapeError } from '../../../shared/base/errors'
import type { Snapshot } from '../../../shared/model/snapshot'
import { BLOCK_COLUMNS, blockFields, blockRows, type BlockRow } from '../../../shared/report/block-rows'
import { type Command, ExitCode, usageError } from '../arguments'
import { importOptions, INPUT_OPTIONS, openFile } from '../input'
import type { Output } from '../output'

/** Rows written at a time: millions of blocks do not fit one string. */
const ROWS_AT_A_TIME = 20_000

export const blocksCommand: Command = {
  name: 'blocks',
  usage: 'FILE [--heap ADDRESS] [--strict] [--csv|--json]',
  summary: 'lists the blocks of a dump or snapshot in order of address',
  options: { ...INPUT_OPTIONS, heap: { type: 'string' }, csv: { type: 'boolean' }, json: { type: 'boolean' } },
  takes: [1, 1],
  run: async ([file], values, output) => {
    if (values['csv'] === true && values['json'] === true) throw usageError(blocksCommand, '--csv and --json exclude each other')
    const document = await openFile(file!, importOptions(values))
    if (document.kind !== 'snapshot') throw new HeapscapeError('document-wrong-kind', { expected: 'a snapshot', got: `a ${document.kind}` }, { file: file! })
    const rows = blockRows(document, heapIndex(document, values['heap']))
    if (values['json'] === true) writeJson(rows, output)
    else if (values['csv'] === true) writeLines(BLOCK_COLUMNS.join(','), rows, (row) => blockFields(row).join(','), output)
    else writeLines(aligned(BLOCK_COLUMNS), rows, (row) => aligned(blockFields(row)), output)
    return ExitCode.Ok
  },
}

/** @throws HeapscapeError `usage` */
function heapIndex(snapshot: Snapshot, address: unknown): number | undefined {
  if (typeof address !== 'string') return undefined
  const wanted = Number(/^[0-9a-f]*[a-f][0-9a-f]*$/i.test(address) ? `0x${address}` : address)
  const index = snapshot.heaps.findIndex(({ base }) => base === wanted)
  if (index >= 0) return index
  const known = snapshot.heaps.map(({ base }) => `0x${base.toString(16)}`).join(', ')
  throw usageError(blocksCommand, `there is no heap at ${address}; heaps: ${known === '' ? 'none' : known}`)
}

const WIDTHS: readonly number[] = [18, 18, 12, 12, 12, 18]
const aligned = (fields: readonly string[]): string => fields.map((field, i) => (i === 2 || i === 3 ? field.padStart(WIDTHS[i]!) : field.padEnd(WIDTHS[i] ?? 0))).join(' ').trimEnd()

function writeLines(head: string, rows: Iterable<BlockRow>, lineOf: (row: BlockRow) => string, output: Output): void {
  let lines = [head]
  for (const row of rows) {
    lines.push(lineOf(row))
    if (lines.length === ROWS_AT_A_TIME) {
      output.result(lines.join('\n'))
      lines = []
    }
  }
  if (lines.length > 0) output.result(lines.join('\n'))
}

/** One array, an object a line. */
function writeJson(rows: Iterable<BlockRow>, output: Output): void {
  let lines: string[] = []
  let separator = '['
  const flush = (): void => {
    if (lines.length > 0) output.result(lines.join('\n'))
    lines = []
  }
  for (const row of rows) {
    lines.push(`${separator}${JSON.stringify(row)}`)
    separator = ','
    if (lines.length === ROWS_AT_A_TIME) flush()
  }
  lines.push(separator === '[' ? '[]' : ']')
  flush()
}
