import type { HeapTotals } from '../../../shared/analysis/dump/heap-totals'
import { CONFIDENCES } from '../../../shared/model/confidence'
import type { CounterCheck, Discovery, HeapReport } from '../../../shared/model/heap-report'
import { formatCount } from '../../components/format'

/** A sentence of the trust card. `doubt` marks what did not agree or was not looked at. */
export interface TrustLine {
  readonly mark: 'sure' | 'doubt' | 'plain'
  readonly text: string
}

const FOUND: Readonly<Record<Discovery, string>> = {
  'peb+scan': 'The process’s own list of heaps names it, and its signature stands there.',
  peb: 'The process’s own list of heaps names it; the scan for signatures did not find it.',
  scan: 'Only its signature was found: the process’s own list does not name it, or is not in the dump.',
  'list+scan': 'Another heap’s list names it, and its signature stands there.',
  list: 'Another heap’s list names it.',
}

/** What was checked, in words: how the heap was found, what its structures were read with, what agreed. */
export function checkedLines(report: HeapReport): TrustLine[] {
  const codes = new Set(report.findings.map(({ code }) => code))
  const layout = codes.has('layout-unverified')
    ? { mark: 'doubt' as const, text: `Read with the structures of ${report.layout}; no known ones fit what the heap says of their length.` }
    : { mark: 'sure' as const, text: `Read with the structures of ${report.layout}, ${report.bits}-bit.` }
  const agreeing = report.counters.filter(({ equal }) => equal).length
  const counters: TrustLine[] = report.counters.length === 0 ? [] : [{
    mark: agreeing === report.counters.length ? 'sure' : 'doubt',
    text: agreeing === report.counters.length ? `All ${agreeing} figures the heap keeps of itself equal what was walked.` : `${report.counters.length - agreeing} of ${report.counters.length} figures the heap keeps of itself differ from what was walked.`,
  }]
  return [{ mark: report.discovery === 'scan' ? 'doubt' : 'sure', text: FOUND[report.discovery] }, layout, ...counters, ...chainLines(report)]
}

function chainLines(report: HeapReport): TrustLine[] {
  const counter = (name: string): CounterCheck | undefined => report.counters.find((check) => check.name === name)
  const told = (name: string, right: (count: string) => string, wrong: (walked: string, stored: string) => string): TrustLine[] => {
    const check = counter(name)
    if (check === undefined || check.stored <= 0) return []
    return [check.equal ? { mark: 'sure', text: right(formatCount(check.walked)) } : { mark: 'doubt', text: wrong(formatCount(check.walked), formatCount(check.stored)) }]
  }
  return [
    ...told('checksumsRight', (count) => `The checksums of all ${count} block headers are right.`, (walked, stored) => `${walked} of ${stored} block headers have a right checksum.`),
    ...told('previousSizesRight', (count) => `All ${count} headers agree with the size of the block before.`, (walked, stored) => `${walked} of ${stored} headers agree with the size of the block before.`),
    ...told('freeListBlocks', (count) => `The free lists hold exactly the ${count} free blocks that were walked.`, (walked, stored) => `The free lists hold ${stored} blocks; ${walked} free ones were walked.`),
    ...told('lfhFreeSlots', (count) => `The front end counts the same ${count} free slots that its bitmaps show.`, (walked, stored) => `The front end counts ${stored} free slots; its bitmaps show ${walked}.`),
  ]
}

const PLAIN_OFFSETS: ReadonlySet<string> = new Set(['win7', 'win8'])

/** What nobody can verify in this heap, and what was not. */
export function uncheckedLines(report: HeapReport, totals: HeapTotals | undefined): TrustLine[] {
  const lines: TrustLine[] = []
  const graded = (totals?.trust ?? []).flatMap((blocks, grade) => (grade > 0 && blocks > 0 ? [`${formatCount(blocks)} ${CONFIDENCES[grade]}`] : []))
  if (graded.length > 0) lines.push({ mark: 'doubt', text: `Blocks that are not verified: ${graded.join(', ')}.` })
  if (report.flavour === 'segment-heap') lines.push({ mark: 'doubt', text: 'Structures of segment heaps come from symbols and study, not from documents; none of them is called verified.' })
  // Before Windows 8.1 a container says plainly where its first slot begins.
  if (report.lfh.subSegments > 0 && !PLAIN_OFFSETS.has(report.layout)) lines.push({ mark: 'plain', text: 'Where the first slot of a container begins follows from keys of the process that the dump gives away; all containers must agree on them.' })
  lines.push({ mark: 'plain', text: 'What the program wrote into its blocks, and whether a block is still needed, no heap can tell.' })
  return lines
}

/** All heaps together: how many contradict themselves, how many figures agree, what was found. */
export function processLines(reports: readonly HeapReport[]): TrustLine[] {
  const damaged = reports.filter(({ confidence }) => confidence === 'uncertain').length
  const checks = reports.flatMap(({ counters }) => counters)
  const equal = checks.filter((check) => check.equal).length
  const listed = reports.filter(({ discovery }) => discovery !== 'scan').length
  const findings = reports.flatMap((report) => report.findings)
  const of = (severity: string): number => findings.filter((finding) => finding.severity === severity).length
  return [
    damaged === 0 ? { mark: 'sure', text: `None of the ${reports.length} heaps contradicts itself.` } : { mark: 'doubt', text: `${damaged} of ${reports.length} heaps contradict themselves.` },
    { mark: equal === checks.length ? 'sure' : 'doubt', text: `${formatCount(equal)} of ${formatCount(checks.length)} figures the heaps keep of themselves equal what was walked.` },
    { mark: listed === reports.length ? 'sure' : 'doubt', text: `${listed} of ${reports.length} heaps stand in the process’s own lists.` },
    { mark: of('damage') + of('warning') === 0 ? 'sure' : 'doubt', text: `Findings: ${of('damage')} of damage, ${of('warning')} warnings, ${of('note')} notes.` },
  ]
}

const COUNTERS: Readonly<Record<string, string>> = {
  totalFreeUnits: 'free, in granules',
  reservedBytes: 'reserved bytes',
  committedBytes: 'committed bytes',
  segments: 'segments',
  uncommittedRanges: 'uncommitted ranges',
  uncommittedPages: 'uncommitted pages',
  uncommittedRangesOfSegments: 'uncommitted ranges, by segments',
  virtualAllocBytes: 'bytes in blocks of their own',
  freeListBlocks: 'blocks in free lists',
  checksumsRight: 'headers with a right checksum',
  previousSizesRight: 'headers that fit the block before',
  lfhFreeSlots: 'free slots of the front end',
  backPointersRight: 'free blocks that end in their address',
}

/** `totalFreeUnits` -> `free, in granules`; names this list does not know are spelled out. */
export const counterName = (name: string): string => COUNTERS[name] ?? name.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`)
