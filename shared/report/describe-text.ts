import { assertNever } from '../base/assert'
import { LACKING_TEXTS } from '../model/lacking'
import type { Description, ProfileDescription, RunDescription, SimulationDescription, SnapshotDescription, TraceDescription, WalkedHeapDescription } from './describe'
import { formatCount, formatFigure, formatPercent } from './format-number'
import { textTable } from './text-table'

/** A description for people, ending without a newline. */
export function descriptionText(description: Description): string {
  const notes = description.notes.map((note) => `note ${note.code} (${formatCount(note.count)}): ${note.text}`)
  return [headText(description), body(description), ...lackingText(description), ...notes].join('\n')
}

function headText({ file, kind, format, version, producer, partial }: Description): string {
  const parts = [`${kind}, format ${format}${version === null ? '' : ` ${version}`}`, producer === null ? '' : `written by ${producer}`, partial ? 'opened in part' : '']
  return `${file}: ${parts.filter((part) => part !== '').join(', ')}`
}

function lackingText({ lacking }: Description): string[] {
  return lacking.map((word) => `not told: ${LACKING_TEXTS[word]} (${word})`)
}

function body(description: Description): string {
  switch (description.kind) {
    case 'trace':
      return traceText(description)
    case 'snapshot':
      return snapshotText(description)
    case 'run':
      return runText(description)
    case 'profile':
      return profileText(description)
    default:
      return assertNever(description)
  }
}

function traceText(trace: TraceDescription): string {
  return textTable([
    ['events', `${formatCount(trace.events.alloc)} alloc, ${formatCount(trace.events.free)} free, ${formatCount(trace.events.realloc)} realloc, ${formatCount(trace.events.orphanFree)} orphan free`],
    ['requested in total', `${formatCount(trace.requestedBytesTotal)} bytes`],
    ['peak live', `${formatCount(trace.peakLiveBytes)} bytes at record ${formatCount(trace.peakAtEvent)}, at most ${formatCount(trace.peakLiveBlocks)} blocks`],
    ['live at the end', `${formatCount(trace.endLiveBytes)} bytes in ${formatCount(trace.endLiveBlocks)} blocks`],
    ['addresses', trace.addresses ? 'recorded' : 'not recorded'],
  ], [0, 1])
}

function snapshotText(snapshot: SnapshotDescription): string {
  const blocks = Object.entries(snapshot.blocks ?? {}).map(([state, count]) => `${formatCount(count)} ${state}`)
  const heaps = snapshot.heaps.map((heap) => ('name' in heap ? `${heap.name} (${heap.flavour}, ${heap.confidence})` : `0x${heap.address.toString(16)} (${heap.bits}-bit ${heap.flavour}, ${heap.confidence})`))
  const walked = snapshot.heaps.flatMap((heap) => ('address' in heap ? [heap] : []))
  const listed = snapshot.coverage === 'all' ? '' : `${COVERAGE_TEXTS[snapshot.coverage]}`
  const head = textTable([['heaps', heaps.join(', ') || 'none told'], ['blocks', [blocks.join(', '), listed].filter((text) => text !== '').join('; ')]], [0, 1])
  return [head, ...walkedText(walked), ...statementText(snapshot), ...regionText(snapshot), metricsText(snapshot.metrics)].join('\n')
}

const COVERAGE_TEXTS = { busy: 'busy ones only, what lies between them is unknown', some: 'only some are listed', none: 'not listed by the source' } as const

function statementText({ statements }: SnapshotDescription): string[] {
  if (statements.length === 0) return []
  const of = (value: number | undefined): string => formatCount(value ?? null)
  const rows = statements.map(({ heap, stated, frontEnd, sizes, counters, findings }) => [
    `  ${heap}`, frontEnd ?? '—', of(stated.reservedBytes), of(stated.committedBytes), of(stated.freeBytes), of(stated.freeBlocks), of(stated.uncommittedRanges),
    sizes.length === 0 ? '—' : formatCount(sizes.length), counters.length === 0 ? '—' : `${counters.filter(({ equal }) => equal).length} of ${counters.length} equal`, String(findings.length),
  ])
  const differing = statements.flatMap(({ heap, counters }) => counters.filter(({ equal }) => !equal).map(({ name, stored, walked }) => `  ${heap} states ${formatCount(stored)} for ${name}; its rows give ${formatCount(walked)}`))
  const findings = statements.flatMap(({ heap, findings: found }) => found.map(({ severity, code, text }) => `  ${severity} in ${heap}, ${code}: ${text}`))
  return [textTable([['  stated of', 'front end', 'reserved', 'committed', 'free', 'free blocks', 'uncommitted ranges', 'sizes', 'checks', 'findings'], ...rows], [0, 1]), ...differing, ...findings]
}

function regionText({ regions }: SnapshotDescription): string[] {
  const rows = regions.byKind.map((sum) => [`  ${sum.kind}`, ...[sum.regions, sum.reservedBytes, sum.committedBytes, sum.resident, sum.proportional, sum.private, sum.swapped].map((value) => formatCount(value))])
  const lines = rows.length === 0 ? [] : [textTable([['  regions', 'count', 'reserved', 'committed', 'resident', 'proportional', 'private', 'swapped'], ...rows], [0])]
  if (regions.count > 0 && !regions.complete) lines.push('  not all regions are listed')
  if (regions.stated.length > 0) lines.push(textTable([['  stated', 'of', 'regions', 'bytes'], ...regions.stated.map(({ group, name, regions: count, bytes }) => [`  ${group}`, name, formatCount(count), formatCount(bytes)])], [0, 1]))
  return lines
}

function walkedText(heaps: readonly WalkedHeapDescription[]): string[] {
  if (heaps.length === 0) return []
  const head = ['  heap', 'layout', 'found by', 'front end', 'reserved', 'committed', 'user blocks', 'user bytes', 'free blocks', 'free bytes', 'counters', 'findings']
  const rows = heaps.map((heap) => {
    const checks = Object.values(heap.counters)
    const figures = [heap.reservedBytes, heap.committedBytes, heap.userBlocks, heap.userBytes, heap.backEnd.freeBlocks, heap.backEnd.freeBytes].map((figure) => formatCount(figure))
    return [`  0x${heap.address.toString(16)}`, heap.layout, heap.discovery, heap.frontEnd, ...figures, `${checks.filter(({ equal }) => equal).length} of ${checks.length} equal`, String(heap.findings.length)]
  })
  const findings = heaps.flatMap((heap) => heap.findings.map((finding) => `  ${finding.severity} in 0x${heap.address.toString(16)}, ${finding.code}: ${finding.text}`))
  return [textTable([head, ...rows], [0, 1, 2, 3]), ...findings]
}

/** Kinds of statistics written out; the others are counted. */
const SHOWN_STATISTICS = ['process', 'heap', 'arena']

function profileText({ command, sampling, sites, measures, series, statistics }: ProfileDescription): string {
  const rows = [
    ['command', command === '' ? 'not told' : command],
    ['sites', formatCount(sites)],
    ...(sampling === null ? [] : [['sampled', `${sampling.method}${sampling.periodBytes === null ? '' : ` Mean distance ${formatCount(sampling.periodBytes)} bytes.`}`]]),
    ...measures.map(({ id, unit, basis, total, statedTotal }) => {
      const stated = statedTotal === null || statedTotal === total ? '' : `, the source states ${formatCount(statedTotal)}`
      return [id, `${total === null ? 'sums mean nothing' : `${formatCount(total)} ${unit}`}${stated}${basis === 'exact' ? '' : ` (${basis})`}`]
    }),
    ...seriesRows(series),
    ...statistics.filter(({ kind }) => SHOWN_STATISTICS.includes(kind)).map(({ subject, name, value, unit }) => [subject === '' ? name : `${subject} ${name}`, `${formatFigure(value)} ${unit}`]),
  ]
  if (statistics.length > 0) rows.push(['statistics', `${formatCount(statistics.length)} figures, all of them in info --json`])
  return textTable(rows, [0, 1])
}

function seriesRows(series: ProfileDescription['series']): string[][] {
  if (series === null) return []
  return [
    ['moments', `${formatCount(series.moments)}, ${formatCount(series.detailedMoments)} with sites, from ${formatFigure(series.fromTime)} to ${formatFigure(series.toTime)} ${series.timeUnit}`],
    ...series.peaks.map(({ id, unit, value, moment, time }) => [`peak of ${id}`, `${formatCount(value)} ${unit} at moment ${formatCount(moment)}, ${formatFigure(time)} ${series.timeUnit}`]),
  ]
}

function runText(run: RunDescription): string {
  return [`replayed from ${run.source.name}`, simulationText(run)].join('\n')
}

export function simulationText(run: SimulationDescription): string {
  const parameters = Object.entries(run.parameters).map(([name, value]) => `${name}=${String(value)}`)
  const totals = textTable([
    ['heap', `${run.heap}, profile ${run.profile}`],
    ['parameters', parameters.join(' ')],
    ['events', `${formatCount(run.events)}, ${formatCount(run.failedRequests)} failed requests`],
    ['threads', contentionText(run.contention)],
    ['peak live', `${formatCount(run.peakLiveBytes)} bytes`],
    ['peak footprint', `${formatCount(run.peakFootprintBytes)} bytes`],
    ['footprint at the end', `${formatCount(run.endFootprintBytes)} bytes`],
    ['utilisation', formatPercent(run.utilisation)],
  ], [0, 1])
  return [totals, 'at the peak footprint:', metricsText(run.metrics.peak), 'over the run:', metricsText(run.metrics.run)].join('\n')
}

function contentionText(contention: SimulationDescription['contention']): string {
  if (contention === null) return 'not told by the trace'
  const { threads, calls, contendedCalls, window } = contention
  const share = formatPercent(calls === 0 ? null : contendedCalls / calls)
  return `${formatCount(threads)}; ${formatCount(contendedCalls)} of ${formatCount(calls)} calls (${share}) met a lock another thread took within ${window} calls before, an estimate`
}

function metricsText(metrics: Readonly<Record<string, unknown>>): string {
  const rows = Object.entries(metrics).flatMap(([key, value]) =>
    value === null || typeof value === 'number' || typeof value === 'string' ? [[`  ${key}`, typeof value === 'string' ? value : formatFigure(value)]] : [],
  )
  return textTable(rows)
}
