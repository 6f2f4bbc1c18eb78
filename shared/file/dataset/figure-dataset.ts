import { Column } from '../../base/column'
import type { JobContext } from '../../base/job-context'
import { encodeParquet } from '../parquet-codec'

/*
 * Figures of one run as a Parquet file of plain columns, one row per figure, for any program that reads Parquet:
 *
 *   input | trace_hash | heap | profile | parameters | settings | events | figure                 | unit  | value
 *   a.rep | 5f0c...    | buddy| binary  | {"base":8} | align=16 | 1000   | run.peakFootprintBytes | bytes | 4096
 *
 * Files lie in folders `run=<id>`, so that readers that know such partitions add the column `run`. A figure that is not
 * available has no row.
 */
export interface DatasetRun {
  readonly input: string
  readonly traceHash: string
  readonly heap: string
  readonly profile: string
  /** JSON of all effective parameters. */
  readonly parameters: string
  /** What differs from the profile, as `name=value,name=value`. */
  readonly settings: string
  readonly events: number
  readonly figures: readonly { readonly id: string; readonly unit: string; readonly value: number }[]
}

export function encodeDatasetRun(run: DatasetRun, job: JobContext): Promise<Uint8Array[]> {
  const rows = run.figures.length
  const same = (text: string): string[] => new Array<string>(rows).fill(text)
  const events = new Column('f64')
  const values = new Column('f64')
  for (const { value } of run.figures) {
    events.push(run.events)
    values.push(value)
  }
  const text = (name: string, texts: readonly string[]) => ({ name, type: 'utf8', packing: 'dictionary', values: texts }) as const
  return encodeParquet(
    [
      text('input', same(run.input)),
      text('trace_hash', same(run.traceHash)),
      text('heap', same(run.heap)),
      text('profile', same(run.profile)),
      text('parameters', same(run.parameters)),
      text('settings', same(run.settings)),
      { name: 'events', type: 'int64', packing: 'dictionary', values: events },
      text('figure', run.figures.map(({ id }) => id)),
      text('unit', run.figures.map(({ unit }) => unit)),
      { name: 'value', type: 'double', packing: 'dictionary', values },
    ],
    rows,
    job,
  )
}
