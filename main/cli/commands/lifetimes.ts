import path from 'node:path'
import { lifetimeTotals, type LifetimeTotals } from '../../../shared/analysis/address-time/lifetime-totals'
import { keptLifetimes } from '../../../shared/analysis/kept-live'
import { withRectangle } from '../../../shared/analysis/address-time/rectangle-filter'
import type { BlockFilter } from '../../../shared/analysis/block-query'
import { ASKS_OF_A_MOMENT } from '../../../shared/analysis/lifetime-blocks'
import { HeapscapeError } from '../../../shared/base/errors'
import { type Command, ExitCode, type OptionValues, usageError } from '../arguments'
import { importOptions, INPUT_OPTIONS, openFile, withJob } from '../input'
import { jsonText } from '../output'

export const lifetimesCommand: Command = {
  name: 'lifetimes',
  usage: "RUN [--addresses A..B] [--during N..M] [--filter 'CONDITION'] [--json]",
  summary: 'adds up all blocks a run ever held, dead or alive, in a rectangle of address and time or by a filter',
  options: { ...INPUT_OPTIONS, addresses: { type: 'string' }, during: { type: 'string' }, filter: { type: 'string' }, json: { type: 'boolean' } },
  takes: [1, 1],
  run: async ([file], values, output) => {
    const run = await openFile(file!, importOptions(values))
    if (run.kind !== 'run') throw new HeapscapeError('document-wrong-kind', { expected: 'a run', got: `a ${run.kind}` }, { file: file! })
    const filter = filterOf(values, run.events)
    const totals = await withJob('adding up lifetimes', async (job) => {
      const kept = await keptLifetimes({ run }, filter, undefined, job)
      if (kept === null) throw usageError(lifetimesCommand, ASKS_OF_A_MOMENT)
      return lifetimeTotals(run, kept, job)
    })
    output.result(values['json'] === true ? jsonText({ schema: 1, file: path.basename(file!), filter: filter.where ?? '', ...totals }) : totalsText(totals))
    return ExitCode.Ok
  },
}

/** @throws HeapscapeError `usage`, `pattern-invalid` */
function filterOf(values: OptionValues, events: number): BlockFilter {
  const stated = typeof values['filter'] === 'string' ? values['filter'] : undefined
  const addresses = rangeOf(values['addresses'], '--addresses')
  const during = rangeOf(values['during'], '--during')
  if (addresses === undefined && during === undefined) return stated === undefined ? {} : { where: stated }
  return {
    where: withRectangle(stated, {
      fromAddress: addresses?.from ?? 0, toAddress: addresses?.to ?? Number.MAX_SAFE_INTEGER, fromEvent: during?.from ?? 0, toEvent: during?.to ?? events,
    }),
  }
}

function rangeOf(value: OptionValues[string], option: string): { readonly from: number; readonly to: number } | undefined {
  if (typeof value !== 'string') return undefined
  const [from, to] = (/^(0x[0-9a-f]+|\d+)\.\.(0x[0-9a-f]+|\d+)$/i.exec(value) ?? []).slice(1).map(Number)
  if (from === undefined || to === undefined || to < from || to > Number.MAX_SAFE_INTEGER) throw usageError(lifetimesCommand, `${option} expects two numbers such as 0x10000..0x20000 or 500..900, the smaller first, got ${value}`)
  return { from, to }
}

function totalsText(totals: LifetimeTotals): string {
  const at = (place: LifetimeTotals['first']): string => (place === null ? 'none' : `event ${place.birth} at 0x${place.address.toString(16)}`)
  const lines = [
    ['lifetimes', String(totals.lifetimes)], ['blocks', String(totals.blocks)], ['consumed bytes', String(totals.consumedBytes)],
    ['requested bytes', totals.requestedBytes === null ? 'not told' : String(totals.requestedBytes)],
    ['never freed', `${totals.neverFreed} of ${totals.neverFreedBytes} bytes`], ['first born', at(totals.first)], ['last born', at(totals.last)],
  ].map(([name, value]) => `${name!.padEnd(16)} ${value!}`)
  const sites = totals.sites.map(({ site, lifetimes, consumedBytes }) => `${String(consumedBytes).padStart(14)} ${String(lifetimes).padStart(10)}  ${site ?? 'site not known'}`)
  const more = totals.moreSites > 0 ? [`${''.padStart(25)}  and ${totals.moreSites} more sites`] : []
  return [...lines, '', `${'consumed'.padStart(14)} ${'lifetimes'.padStart(10)}  site`, ...sites, ...more].join('\n')
}
