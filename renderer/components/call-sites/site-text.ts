import type { NamedFrame } from '../../../shared/analysis/sites/frame-keys'
import type { SiteMeasure } from '../../../shared/analysis/sites/site-measures'
import { HeapscapeError } from '../../../shared/base/errors'
import { SiteFilter } from '../../../shared/analysis/sites/site-filter'
import { formatBytes, formatCount, formatDifference, formatShare } from '../format'

const lastPart = (path: string): string => path.slice(path.search(/[^/\\]*$/))

/** `libc.so.6 · iogets.c:62`; "" when nothing but the name is known. */
export function placeText({ module, file, line, isInlined }: NamedFrame): string {
  const source = file === '' ? '' : `${lastPart(file)}${line > 0 ? `:${line}` : ''}`
  return [lastPart(module), source, isInlined ? 'inlined' : ''].filter((text) => text !== '').join(' · ')
}

/** For prose: bytes in binary units, other units as counts. */
export function valueText(value: number, unit: string): string {
  return unit === 'bytes' ? formatBytes(value) : `${formatCount(value)} ${unit}`
}

const signedText = (value: number, unit: string): string => (unit === 'bytes' ? `${value > 0 ? '+' : ''}${formatBytes(value)}` : `${formatDifference(value)} ${unit}`)

export interface SiteValuesText {
  readonly measure: SiteMeasure
  /** 0 bytes, 1 count. */
  readonly column: number
  /** Weight of all. */
  readonly whole: number
}

/** What a node holds, in one line: `7.26 MiB in 12 blocks, 31.0 % of all`, or `+1 MiB (6.26 MiB before)`. */
export function nodeText(totals: readonly number[], { measure, column, whole }: SiteValuesText): string {
  const [bytes, count, bytesBefore, countBefore] = totals
  const unit = column === 0 ? measure.unit : measure.counted
  if (bytesBefore !== undefined && countBefore !== undefined) {
    const [now, before] = column === 0 ? [bytes!, bytesBefore] : [count!, countBefore]
    return `${signedText(now - before, unit)} (${valueText(before, unit)} before, ${valueText(now, unit)} now)`
  }
  const counted = measure.counted === '' ? '' : ` in ${formatCount(count!)} ${measure.counted}`
  const share = whole > 0 ? `, ${formatShare((column === 0 ? bytes! : count!) / whole)} of all` : ''
  return `${valueText(bytes!, measure.unit)}${counted}${share}`
}

/** What is wrong with the text of a site filter, "" when nothing is. */
export function filterProblemOf(text: string): string {
  try {
    new SiteFilter(text)
    return ''
  } catch (error) {
    if (!(error instanceof HeapscapeError)) throw error
    return `Character ${String(error.facts['at'])}: ${String(error.facts['detail'])}`
  }
}
