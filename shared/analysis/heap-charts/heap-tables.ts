import type { Bytes } from '../../base/units'
import type { ShownColumn, ShownTable, ShownValue } from '../../base/shown-table'
import type { FreeCurve } from '../compare/free-curves'
import { requestOutcome, requestSizeOf, unusableShares } from '../compare/free-curves'
import { medianAge, SURVIVAL_CLASSES, survivalCurve, type SurvivalTally } from '../compare/survival'
import type { RowPage } from '../dump/row-table'
import type { FrontEndBucket } from './front-end-buckets'
import type { HeapProbe, NoProbe } from './heap-probe'
import { OCCUPANCY_BARS, type PageStrip } from './page-strip'
import { sizeRows, type SizeHistogram, type SizeHistograms, type SizeMeasure, type SizeScale } from './size-histogram'
import { WASTE_KINDS, wasteTotal, type WasteTree } from './waste-tree'

/*
 * The numbers of each picture as a table, with their definitions as notes: for the window, for files and for the command line,
 * so that all three say the same.
 */
export const HEAP_TABLES = ['sizes', 'free-space', 'pages', 'waste', 'survival', 'buckets', 'free-lists'] as const
export type HeapTable = (typeof HEAP_TABLES)[number]

const BYTES = 'bytes'
const column = (key: string, label: string, definition: string, unit?: string): ShownColumn => ({ key, label, definition, ...(unit === undefined ? {} : { unit }) })
const ABOVE = column('above', 'Above', 'sizes of the row are larger than this', BYTES)
const UP_TO = column('upTo', 'Up to', 'and at most this', BYTES)
const KEPT_NOTE = 'Kept: what the filter keeps.'

export const MEASURE_TEXTS: Readonly<Record<SizeMeasure, { readonly title: string; readonly definition: string }>> = {
  requested: { title: 'Requested sizes of busy blocks', definition: 'Bytes the program asked for, of every busy block whose request is known.' },
  consumed: { title: 'Consumed sizes of busy blocks', definition: 'Bytes every busy block takes in the heap: header, payload and rounding.' },
  free: { title: 'Sizes of free blocks', definition: 'Bytes of every free block as the heap lists it; touching ones are not joined.' },
  cached: { title: 'Sizes of cached blocks', definition: 'Bytes of every block a front end keeps: free for the program, busy for the back end.' },
}

const SCALE_NOTES: Readonly<Record<SizeScale, string>> = {
  doubling: 'A bar for each doubling: sizes above one power of two, up to the next; all up to 8 bytes are one.',
  classes: 'Four bars for each doubling; all up to 8 bytes are one.',
  exact: 'The sizes with the largest share of the blocks or of the bytes, each by itself.',
}

/** Sum of the rows and of what they leave out = the measure's total. */
export function sizesTable({ measures, unknownRequests }: SizeHistograms, measure: SizeMeasure, scale: SizeScale): ShownTable {
  const histogram = measures[measure]
  const rows = sizeRows(histogram, scale)
  const { others } = histogram
  const values = Array.from({ length: rows.blocks.length }, (_, i): ShownValue[] => [...(scale === 'exact' ? [rows.upperBytes[i]!] : [rows.lowerBytes[i]!, rows.upperBytes[i]!]), rows.blocks[i]!, rows.bytes[i]!, rows.keptBlocks[i]!, rows.keptBytes[i]!])
  if (scale === 'exact' && others.sizes > 0) values.push([`${others.sizes} other sizes`, others.blocks, others.bytes, others.keptBlocks, others.keptBytes])
  return {
    title: MEASURE_TEXTS[measure].title,
    notes: sizeNotes(histogram, { measure, scale, unknownRequests }),
    columns: [
      ...(scale === 'exact' ? [column('size', 'Size', MEASURE_TEXTS[measure].definition, BYTES)] : [ABOVE, UP_TO]),
      column('blocks', 'Blocks', 'how many'), column('bytes', 'Total', 'sum of their sizes', BYTES),
      column('keptBlocks', 'Kept blocks', 'of them, those the filter keeps'), column('keptBytes', 'Kept total', 'sum of their sizes', BYTES),
    ],
    rows: values,
  }
}

export function sizeNotes({ others }: SizeHistogram, { measure, scale, unknownRequests }: { readonly measure: SizeMeasure; readonly scale: SizeScale; readonly unknownRequests: number }): string[] {
  return [
    MEASURE_TEXTS[measure].definition,
    SCALE_NOTES[scale],
    ...(scale === 'exact' && others.sizes > 0 ? [`${others.sizes} other sizes with ${others.blocks} blocks and ${others.bytes} bytes are one bar.`] : []),
    ...(measure === 'requested' && unknownRequests > 0 ? [`Of ${unknownRequests} busy blocks the source tells no request: they are left out.`] : []),
  ]
}

export const FREE_SPACE_NOTES: readonly string[] = [
  'Unusable: share of the free bytes that requests of a size cannot use, 1 − Σ⌊f/s⌋·s / F over the holes f (M7).',
  'Available: bytes that requests of a size can get now, Σ⌊f/s⌋·s.',
  'Touching free blocks count as one hole. A size is that of the whole block, header and rounding included. Committed free memory only: a heap that may grow can serve more. The filter does not apply.',
]

/** What asking a simulated manager told (jobs/probe-heap.ts), or why it was not asked; absent: nobody asked. */
export type ProbeAnswer = HeapProbe | NoProbe

export function probeNotes(probe: ProbeAnswer, largestHoleBytes: Bytes): string[] {
  if ('reason' in probe) return [`By the largest hole: ${probe.reason}.`]
  const { largestBytes, firstRefusedBytes } = probe
  const beyond = largestBytes > largestHoleBytes ? ' That is more than its largest hole: it takes back what its front end keeps.' : ''
  return [
    largestBytes === 0 ? 'Asked itself, carried out again to this moment, the manager serves no request from what is committed.' : `Asked itself, carried out again to this moment, the manager serves requests up to ${largestBytes} bytes from what is committed; ${largestBytes + 1} fail.${beyond}`,
    ...(firstRefusedBytes === null ? [] : [`It refuses some smaller ones too, the first tried of ${firstRefusedBytes} bytes: it keeps memory for other sizes.`]),
  ]
}

export function freeSpaceTable(curve: FreeCurve, probe?: ProbeAnswer): ShownTable {
  const unusable = unusableShares(curve)
  const points = curve.freeBytes === 0 ? 0 : Math.floor(Math.log2(curve.largestBytes)) + 2
  const asked = probe !== undefined && !('reason' in probe) ? probe : null
  const servedAt = (bytes: Bytes): ShownValue => {
    const at = asked?.requestBytes.indexOf(bytes) ?? -1
    return at < 0 ? null : asked!.served[at] === 1
  }
  return {
    title: 'Free space by size of a request',
    notes: [...FREE_SPACE_NOTES, `Free: ${curve.freeBytes} bytes in ${curve.holes} holes, the largest of ${curve.largestBytes} bytes.`, ...(probe === undefined ? [] : probeNotes(probe, curve.largestBytes))],
    columns: [
      column('request', 'Request', 'size of a request, as a whole block', BYTES), column('unusable', 'Unusable', 'share of the free bytes of no use for it'),
      column('available', 'Available', 'bytes such requests can get', BYTES), column('outcome', 'One request', 'fits; fragmented: enough is free, in pieces; exhausted: too little is free'),
      ...(asked === null ? [] : [column('served', 'Served', 'whether the simulated manager serves a program\'s request of that many bytes now')]),
    ],
    rows: Array.from({ length: points }, (_, i) => [requestSizeOf(i), unusable[i]!, curve.availableBytes[i]!, requestOutcome(curve, requestSizeOf(i)), ...(asked === null ? [] : [servedAt(requestSizeOf(i))])]),
  }
}

export const PAGE_NOTES: readonly string[] = [
  'Used: bytes of busy blocks and of the heap itself, of a page\'s committed bytes (M11).',
  'Stranded: free bytes on pages that also hold a used byte; nothing there can be given back. Outlined: pages less than a quarter used, yet not empty.',
]

export const barText = (bar: number): string => (bar === 0 ? 'nothing used' : bar === OCCUPANCY_BARS - 1 ? 'all used' : bar === 1 ? 'up to 10 %' : bar === 10 ? 'above 90 %' : `${10 * bar - 10} to ${10 * bar} %`)

export function pagesTable({ bars, pages, sparsePages, strandedBytes, releasableBytes }: Pick<PageStrip, 'bars' | 'pages' | 'sparsePages' | 'strandedBytes' | 'releasableBytes'>): ShownTable {
  return {
    title: 'Pages by how much of them is used',
    notes: [...PAGE_NOTES, `${pages} pages; ${sparsePages} sparse; ${strandedBytes} bytes stranded, ${releasableBytes} on entirely free pages.`, KEPT_NOTE],
    columns: [column('used', 'Used', 'share of the page'), column('pages', 'Pages', 'how many'), column('stranded', 'Stranded', 'free bytes that cannot be given back', BYTES), column('kept', 'Kept pages', 'pages that touch a block the filter keeps')],
    rows: Array.from(bars.pages, (count, bar) => [barText(bar), count, bars.strandedBytes[bar]!, bars.keptPages[bar]!]),
  }
}

export const WASTE_NOTES: readonly string[] = [
  'Committed bytes beyond those asked for; all parts add up to exactly that.',
  'Stranded: free bytes on pages that busy blocks of the class keep from being given back, shared out evenly among the blocks on a page (and the heap, where it has bytes there). Cached: slots a front end keeps for the class.',
]

export function wasteNotes({ unknownRequests }: WasteTree): string[] {
  return [...WASTE_NOTES, ...(unknownRequests > 0 ? [`Of ${unknownRequests} busy blocks the source tells no request: their rounding is not known and not drawn.`] : [])]
}

export function wasteTable(tree: WasteTree): ShownTable {
  const { lowerBytes, upperBytes, all, kept } = tree
  const rows: ShownValue[][] = Array.from(upperBytes, (upper, row) => [`${lowerBytes[row]} < size <= ${upper}`, ...WASTE_KINDS.map((kind) => all[kind][row]!), sumOfRow(all, row), sumOfRow(kept, row)])
  const own = (name: string, bytes: number): ShownValue[] => [name, null, null, null, null, bytes, null]
  rows.push(own('the heap\'s own bytes', tree.internalBytes), own('stranded by the heap\'s own bytes', tree.ownStrandedBytes), own('entirely free pages', tree.releasableBytes), own('all', wasteTotal(tree)))
  return {
    title: 'What committed bytes are lost to',
    notes: [...wasteNotes(tree), KEPT_NOTE],
    columns: [
      column('class', 'Class', 'sizes asked for, in bytes'), column('header', 'Header', 'headers and trailers', BYTES), column('rounding', 'Rounding', 'consumed less requested less header', BYTES),
      column('cached', 'Cached', 'slots kept for the class', BYTES), column('stranded', 'Stranded', 'free bytes it keeps from being given back', BYTES), column('sum', 'Sum', 'all of these', BYTES), column('kept', 'Kept', 'of the blocks the filter keeps', BYTES),
    ],
    rows,
  }
}

const sumOfRow = (columns: WasteTree['all'], row: number): number => WASTE_KINDS.reduce((sum, kind) => sum + columns[kind][row]!, 0)

export const survivalClassName = (sizeClass: number): string => {
  const upper = SURVIVAL_CLASSES[sizeClass]!
  const lower = sizeClass === 0 ? 0 : SURVIVAL_CLASSES[sizeClass - 1]!
  return upper === Infinity ? `above ${lower} B` : sizeClass === 0 ? `up to ${upper} B` : `${lower + 1} to ${upper} B`
}

export const SURVIVAL_NOTES: readonly string[] = ['Blocks of the whole run that the filter keeps, whatever the event.']

export function survivalTable(tally: SurvivalTally): ShownTable {
  const curves = SURVIVAL_CLASSES.map((_, sizeClass) => survivalCurve(tally, 'blocks', sizeClass))
  return {
    title: 'How long blocks live, by size',
    notes: [...SURVIVAL_NOTES, `Ages in ${tally.unit === 'bytes' ? 'bytes the program asked for since birth' : 'operations since birth'}; Kaplan–Meier, what still lives at the end is censored.`],
    columns: [column('class', 'Size', 'of the request'), column('blocks', 'Blocks', 'that began'), column('alive', 'Alive at the end', 'of them'), column('halfAge', 'Half gone at', 'age at which half is gone; empty when more than half outlives the run', tally.unit)],
    rows: curves.flatMap((curve, sizeClass) => (curve.total === 0 ? [] : [[survivalClassName(sizeClass), curve.total, curve.censored, medianAge(curve)]])),
  }
}

export const FRONT_END_NOTES: readonly string[] = ['A bucket serves one slot size from sub-segments cut into equal slots; used: busy slots of all. Bytes hold headers and what slots leave over. The filter does not apply.']

export function bucketsTable(buckets: readonly FrontEndBucket[]): ShownTable {
  return {
    title: 'Buckets of the front end',
    notes: FRONT_END_NOTES,
    columns: [
      column('slot', 'Slot', 'size of every slot', BYTES), column('subSegments', 'Sub-segments', 'how many'), column('slots', 'Slots', 'in them'), column('busy', 'Busy', 'slots that are the program\'s'),
      column('free', 'Free', 'slots that wait'), column('used', 'Used', 'busy of all slots'), column('bytes', 'Take', 'whole sub-segments', BYTES), column('freeBytes', 'Idle', 'in free slots', BYTES),
    ],
    rows: buckets.map(({ slotBytes, subSegments, slots, busy, bytes }) => [slotBytes, subSegments, slots, busy, slots - busy, busy / slots, bytes, (slots - busy) * slotBytes]),
  }
}

export const FREE_LIST_NOTES: readonly string[] = ['Free blocks by size class, four for each doubling; cached ones are not among them. In which order the heap would take them the source does not tell: the first is the lowest.']

/** `page` holds all rows of freeLists. */
export function freeListsTable({ numbers, total }: RowPage): ShownTable {
  const keys = ['lower', 'upper', 'blocks', 'total', 'share', 'smallest', 'largest', 'kept', 'keptTotal'] as const
  return {
    title: 'Free blocks by size class',
    notes: [...FREE_LIST_NOTES, KEPT_NOTE],
    columns: [
      ABOVE, UP_TO, column('blocks', 'Blocks', 'how many'), column('bytes', 'Total', 'of their sizes', BYTES), column('share', 'Share', 'of all free bytes'), column('smallest', 'Smallest', 'block', BYTES), column('largest', 'Largest', 'block', BYTES),
      column('kept', 'Kept blocks', 'of them, those the filter keeps'), column('keptBytes', 'Kept total', 'of these', BYTES), column('first', 'Lowest', 'address of the first'),
    ],
    rows: Array.from({ length: total }, (_, row) => [...keys.map((key) => numbers[key]![row]!), `0x${numbers['address']![row]!.toString(16).toUpperCase()}`]),
  }
}
