/* Questions a dataset of sweeps answers; the same as in docs/scale.md where they stand there. */
export interface QueryExample {
  readonly title: string
  readonly sql: string
}

export const QUERY_EXAMPLES: readonly QueryExample[] = [
  {
    title: 'Which heap needs least for each trace',
    sql: `SELECT input, heap, profile, settings, value AS peak_bytes
FROM figures
WHERE figure = 'run.peakFootprintBytes'
QUALIFY row_number() OVER (PARTITION BY input ORDER BY value) = 1
ORDER BY input`,
  },
  {
    title: 'Heaps side by side: peak, waste, failures',
    sql: `SELECT heap, profile, settings,
  sum(value) FILTER (figure = 'run.peakFootprintBytes') AS peak_bytes,
  sum(value) FILTER (figure = 'run.meanWastedBytes') AS mean_wasted_bytes,
  sum(value) FILTER (figure = 'run.failedRequests') AS failed_requests
FROM figures
GROUP BY ALL
ORDER BY peak_bytes`,
  },
  {
    title: 'What one setting does in each heap',
    sql: `SELECT heap, settings, avg(value) AS mean_peak_bytes, count(*) AS runs
FROM figures
WHERE figure = 'run.peakFootprintBytes' AND settings <> ''
GROUP BY heap, settings
ORDER BY heap, mean_peak_bytes`,
  },
  {
    title: 'Every figure there is, with its range',
    sql: `SELECT figure, unit, count(*) AS runs, min(value) AS least, max(value) AS most
FROM figures
GROUP BY figure, unit
ORDER BY figure`,
  },
  {
    title: 'All rows',
    sql: 'SELECT * FROM figures',
  },
]
