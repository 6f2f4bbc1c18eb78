import { figureDefinitions } from '../../analysis/compare/run-figures'
import type { SweepResult } from '../../analysis/sweep/sweep-measure'
import type { JobContext } from '../../base/job-context'
import { encodeDatasetRun } from '../../file/dataset/figure-dataset'

/** One finished point as a Parquet file, in parts; figures that are not available have no row. */
export function encodeSweepResult({ input, settings, figures }: SweepResult, job: JobContext): Promise<Uint8Array[]> {
  const { request } = figures.conditions
  return encodeDatasetRun(
    {
      input,
      traceHash: figures.source.traceHash,
      heap: request.heap,
      profile: request.profile,
      parameters: JSON.stringify(request.parameters),
      settings: Object.entries(settings).map(([name, value]) => `${name}=${value}`).join(','),
      events: figures.events,
      figures: figureDefinitions.flatMap(({ id, unit }) => {
        const value = figures.values[id]
        return value === null || value === undefined ? [] : [{ id, unit, value }]
      }),
    },
    job,
  )
}
