import type { ProfileSummary, SeriesSummary } from '../../../shared/analysis/profile-summary'
import { formatBytes, formatCount } from '../../components/format'

/** `live-bytes-scaled` -> `live bytes, scaled`. */
export function measureLabel(id: string): string {
  const [, name, basis] = /^(.*?)(?:-(sampled|scaled))?$/.exec(id)!
  return `${name!.replaceAll('-', ' ')}${basis === undefined ? '' : `, ${basis}`}`
}

/** Bytes in binary units, other units as they are. */
export function figureText(value: number, unit: string): string {
  if (unit === 'bytes') return formatBytes(value)
  return `${Number.isInteger(value) ? formatCount(value) : String(Math.round(value * 1e4) / 1e4)} ${unit}`
}

/** Lines a timeline can draw, and which measure each stands for: bytes alone share a scale. */
export function seriesLines(peaks: SeriesSummary['peaks']): { readonly line: string; readonly id: string; readonly label: string }[] {
  const lines = ['live', 'footprint', 'reserved']
  const drawn = peaks.filter(({ unit }) => unit === 'bytes')
  return (drawn.length > 0 ? drawn : peaks.slice(0, 1)).slice(0, lines.length).map(({ id }, i) => ({ line: lines[i]!, id, label: measureLabel(id).replace(/ bytes\b/, '') }))
}

/** What a reader might look for and will not find, in sentences. */
export function lacksOf(summary: ProfileSummary): string[] {
  return [
    ...(summary.sites === 0 ? ['Call sites: the file tells figures of the whole process only.'] : []),
    ...(summary.sites > 0 && summary.frames === 0 ? ['Call paths: a site is one text.'] : []),
    ...(summary.series === null ? ['Time: the file is of one moment.'] : []),
    ...(summary.measures.some(({ additive }) => !additive) ? ['A tree of figures that do not add up: each site has its own moment.'] : []),
    'Blocks, addresses and frees in order: a profile holds sums.',
  ]
}
