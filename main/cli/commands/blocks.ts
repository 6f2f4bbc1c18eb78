import { BLOCK_COLUMNS, BLOCK_GROUPINGS, type BlockColumn } from '../../../shared/analysis/block-columns'
import { deathsOfCut } from '../../../shared/analysis/block-deaths'
import { GROUP_FIGURES } from '../../../shared/analysis/block-groups'
import { conditionOf, type BlockFilter } from '../../../shared/analysis/block-query'
import { BlockValues } from '../../../shared/analysis/block-values'
import { cutToHeap } from '../../../shared/analysis/dump/heap-scope'
import { allOf, columnsAsked, conditionText } from '../../../shared/analysis/filter/block-condition'
import { asksForMissing } from '../../../shared/analysis/filter/evaluate-filter'
import { readFilter } from '../../../shared/analysis/filter/read-filter'
import { HEAP_TABLES } from '../../../shared/analysis/heap-charts/heap-tables'
import { SIZE_MEASURES, SIZE_SCALES } from '../../../shared/analysis/heap-charts/size-histogram'
import type { Column } from '../../../shared/base/column'
import { HeapscapeError } from '../../../shared/base/errors'
import { explainRun, refuseUntold } from '../../../shared/jobs/explain-run'
import { listBlocks, listGroups } from '../../../shared/jobs/list-blocks'
import { traceOfWorkload } from '../../../shared/jobs/run-simulation'
import type { AnyDocument } from '../../../shared/model/run'
import type { Snapshot } from '../../../shared/model/snapshot'
import { snapshotAt } from '../../../shared/model/snapshot-at'
import { reasonColumn } from '../../../shared/sim/profiles/reasons/reason-column'
import { type Command, ExitCode, type OptionValues, usageError } from '../arguments'
import { blocksTable, TABLE_OPTIONS, TABLE_USAGE } from '../blocks-table'
import { asTrace, importOptions, INPUT_OPTIONS, openFile, openInput, withJob } from '../input'
import type { Output } from '../output'

const DEFAULT_COLUMNS: readonly BlockColumn[] = ['heap', 'address', 'size', 'requested', 'state', 'kind', 'confidence']

export const blocksCommand: Command = {
  name: 'blocks',
  usage: `FILE [--event N] [--heap ADDRESS] [--filter 'CONDITION'] [--sort COLUMN [--descending]] [--columns A,B,...] [--group-by COLUMN] [--trace TRACE] ${TABLE_USAGE} [--strict] [--csv|--json]`,
  summary: 'lists the blocks of a dump, a snapshot or a moment of a run, filtered, ordered or added up',
  options: {
    ...INPUT_OPTIONS, event: { type: 'string' }, heap: { type: 'string' }, filter: { type: 'string' }, sort: { type: 'string' }, descending: { type: 'boolean' },
    columns: { type: 'string' }, 'group-by': { type: 'string' }, trace: { type: 'string' }, ...TABLE_OPTIONS, csv: { type: 'boolean' }, json: { type: 'boolean' },
  },
  takes: [1, 1],
  run: async ([file], values, output) => {
    if (values['csv'] === true && values['json'] === true) throw usageError(blocksCommand, '--csv and --json exclude each other')
    const columns = columnsOf(values['columns'])
    const by = oneOf(values['group-by'], BLOCK_GROUPINGS, '--group-by')
    const form = values['json'] === true ? 'json' : values['csv'] === true ? 'csv' : 'text'
    const descending = values['descending'] === true
    const document = await openFile(file!, importOptions(values))
    const isWhyAsked = by === 'why' || columns.includes('why') || values['sort'] === 'why' || asksWhy(values['filter'])
    const why = isWhyAsked ? await reasonsFor(document, values, output) : undefined
    const snapshot = momentOf(document, values['event'], file!, why)
    const table = oneOf(values['table'], HEAP_TABLES, '--table')
    if (table !== undefined) {
      const measure = oneOf(values['measure'], SIZE_MEASURES, '--measure') ?? 'requested'
      const scale = oneOf(values['scale'], SIZE_SCALES, '--scale') ?? 'classes'
      output.result(await blocksTable(document, cutForTable(snapshot, values), { table, measure, scale, filter: values['filter'] as string | undefined, form }))
      return ExitCode.Ok
    }
    const filter = filterOf(snapshot, values)
    let deaths: Column | undefined
    const deathsOf = document.kind === 'run' ? (): Column => (deaths ??= deathsOfCut(document, snapshot)) : undefined
    const blocks = new BlockValues(snapshot, undefined, deathsOf)
    warnOfMissing(blocks, filter, output)
    // Output ends each piece with a line break of its own.
    const write = (text: string): void => output.result(text.replace(/\n$/, ''))
    await withJob('listing blocks', (job) => {
      if (by === undefined) return listBlocks(blocks, { columns, query: { sort: oneOf(values['sort'], BLOCK_COLUMNS, '--sort') ?? 'address', descending, filter } }, form, undefined, write, job)
      const figure = oneOf(values['sort'], GROUP_FIGURES, '--sort with --group-by')
      return listGroups(blocks, { filter, by, order: figure === undefined ? null : { column: figure, descending } }, form, undefined, write, job)
    })
    return ExitCode.Ok
  },
}

const asksWhy = (filter: unknown): boolean => {
  const condition = typeof filter === 'string' ? readFilter(filter) : undefined
  return condition !== undefined && columnsAsked(condition).includes('why')
}

/** Why the blocks of a run lie where they do, found by replaying its trace; undefined, with a warning that says how to get it, where that cannot be. */
async function reasonsFor(document: AnyDocument, values: OptionValues, output: Output): Promise<Column | undefined> {
  const file = values['trace']
  if (document.kind !== 'run') {
    if (file !== undefined) throw usageError(blocksCommand, '--trace is for runs')
    output.warning?.('why blocks lie where they do is told of simulated runs only')
    return undefined
  }
  refuseUntold(document)
  const { source } = document
  if (file === undefined && source.format !== 'workload') {
    output.warning?.(`why blocks lie where they do is found by replaying the trace of the run: give it with --trace (${source.name})`)
    return undefined
  }
  const trace = typeof file === 'string' ? asTrace(await openInput(file, importOptions(values)), file) : await withJob('making the workload', (job) => traceOfWorkload(source.name, job))
  return reasonColumn(document, await withJob('explaining', (job) => explainRun(document, trace, job)))
}

function momentOf(document: AnyDocument, event: unknown, file: string, why: Column | undefined): Snapshot {
  if (document.kind === 'run') return snapshotAt(document, typeof event === 'string' ? Number(event) : document.events, why)
  if (document.kind !== 'snapshot') throw new HeapscapeError('document-wrong-kind', { expected: 'a snapshot or a run', got: `a ${document.kind}` }, { file })
  if (event !== undefined) throw usageError(blocksCommand, '--event is for runs; a snapshot is one moment')
  return document
}

/** --heap cuts a table's blocks out, so that what lies between them is the heap's own. */
function cutForTable(snapshot: Snapshot, values: OptionValues): Snapshot {
  const heap = heapAddress(snapshot, values['heap'])
  return heap === undefined ? snapshot : cutToHeap(snapshot, snapshot.heaps.findIndex(({ base }) => base === heap))
}

/** --heap is one more condition. */
function filterOf(snapshot: Snapshot, values: OptionValues): BlockFilter {
  const stated = typeof values['filter'] === 'string' ? readFilter(values['filter']) : undefined
  const heap = heapAddress(snapshot, values['heap'])
  const whole = allOf([...(heap === undefined ? [] : [{ type: 'compare', column: 'heap', comparison: '=', value: heap } as const]), ...(stated === undefined ? [] : [stated])])
  return whole === undefined ? {} : { where: conditionText(whole) }
}

/** @throws HeapscapeError `usage` */
function heapAddress(snapshot: Snapshot, address: unknown): number | undefined {
  if (typeof address !== 'string') return undefined
  const wanted = Number(/^[0-9a-f]*[a-f][0-9a-f]*$/i.test(address) ? `0x${address}` : address)
  if (snapshot.heaps.some(({ base }) => base === wanted)) return wanted
  const known = snapshot.heaps.map(({ base }) => `0x${base.toString(16)}`).join(', ')
  throw usageError(blocksCommand, `there is no heap at ${address}; heaps: ${known === '' ? 'none' : known}`)
}

function oneOf<T extends string>(value: OptionValues[string], known: readonly T[], option: string): T | undefined {
  if (typeof value !== 'string') return undefined
  const found = known.find((one) => one === value)
  if (found === undefined) throw usageError(blocksCommand, `${option} expects one of ${known.join(', ')}, got ${value}`)
  return found
}

function columnsOf(value: OptionValues[string]): readonly BlockColumn[] {
  return typeof value === 'string' ? value.split(',').map((name) => oneOf(name.trim(), BLOCK_COLUMNS, '--columns')!) : DEFAULT_COLUMNS
}

function warnOfMissing(values: BlockValues, filter: BlockFilter, output: Output): void {
  const condition = conditionOf(filter)
  const missing = condition === undefined ? null : asksForMissing(condition, values)
  if (missing !== null) output.warning?.(`no block of this input tells its ${missing}; comparisons with it are false`)
}
