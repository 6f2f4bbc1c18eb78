import { metricDefinitions, type MetricDefinition, type MetricValue } from '../analysis/metrics/definitions'

const INTRODUCTION = `# Fragmentation metrics

Every figure has a key, the same in the window, in \`--json\` output and in reports. A figure that is not available is
\`null\`, never 0, and \`reasons\` says why.

| symbol | meaning |
|---|---|
| C, R | committed bytes, reserved bytes |
| Q, K, B | requested bytes, consumed bytes and number of the busy blocks |
| h | header and trailer bytes of a busy block, part of its consumed bytes |
| hole, F, n | a free range after merging touching free blocks, the bytes of all holes, their number |
| internal | bytes of the heap's own structures |
| page | 4096 bytes unless the source says otherwise |

For every snapshot, exactly: **C = Q + headers + rounding + internal + pinned free + releasable free** and
**R = C + uncommitted**. Cached blocks (look-aside lists, thread caches) are free for the program and count in F, but each
stays a hole of its own, because its heap does not merge it. In the split of the footprint they stand apart from pinned and
releasable free bytes.
`

const CONTENTION = `
### Contention, an estimate

Which heap keeps threads apart better: compare it between heaps on one trace. It does not say how long anyone waits, because no
trace tells that. Not one of the metrics above: \`contention\` in \`--json\` output, the figure \`run.contendedShare\` in comparisons.

- Model: each call (allocate, reallocate, free) takes one lock, that of the part of the heap that serves it: of a
  sub-segment of slots (which real heaps change without a lock, one thread at a time), of the rest of the heap. A heap that tells no locks has one for everything. A call is contended when
  another thread took the same lock among the 8 calls of the trace before it, as many as eight processors have under way.
- Formula: contended calls / calls.
- Edge cases: null when the trace does not tell threads; 0 with one thread. Frees of blocks the run never had are no calls.
- Source: Our definition; the order of a trace's events stands in for time.
`

/** The text of docs/metrics.md, without the notice that the page is generated. */
export function metricsMarkdown(): string {
  const sections = metricDefinitions.map(section)
  return [INTRODUCTION, '## Of one moment (snapshot)', ...part(sections, 'snapshot'), '\n## Of a whole run', ...part(sections, 'run'), CONTENTION].join('\n').trimEnd() + '\n'
}

interface Section {
  readonly scope: MetricDefinition['scope']
  readonly text: string
}

const part = (sections: readonly Section[], scope: MetricDefinition['scope']): string[] => sections.filter((one) => one.scope === scope).map((one) => `\n${one.text}`)

function section(definition: MetricDefinition): Section {
  const { id, title, scope, formula, reading, edgeCases, source, values } = definition
  const text = [
    `### ${id} ${title}`,
    '',
    reading,
    '',
    `- Formula: ${formula}.`,
    `- Edge cases: ${edgeCases}`,
    `- Source: ${source}.`,
    '',
    '| key | figure | unit | range | better |',
    '|---|---|---|---|---|',
    ...values.map(row),
  ].join('\n')
  return { scope, text }
}

const BETTER: Readonly<Record<MetricValue['direction'], string>> = { lower: 'lower', higher: 'higher', neutral: 'depends' }

const row = ({ key, label, unit, range, direction }: MetricValue): string => `| \`${key}\` | ${label} | ${unit} | ${range} | ${BETTER[direction]} |`
