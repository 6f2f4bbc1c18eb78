import { type TraceSummary, summariseTrace } from '../../analysis/trace-summary'
import { findMeasure, measureTotal, type Profile } from '../../model/profile'
import type { AnyDocument } from '../../model/run'
import type { Trace } from '../../model/trace'
import { FACTS } from '../mtrace/testing/facts'

/*
 * For each kind of recorded file: which importer reads it, and which figures that the file itself (or an independent
 * count of it) states prove the reading. The figures are taken from the raw text here, not by way of the importer.
 */
export interface Proof {
  readonly files: RegExp
  /** Importer; "" for files that hold no heap. */
  readonly format: string
  /** Code of the error instead of a document. */
  readonly refused?: string
  /** Which value proves which. */
  readonly by: string
  contradictions(document: AnyDocument, content: Uint8Array, file: string): string[]
}

const textOf = (content: Uint8Array): string => new TextDecoder('latin1').decode(content)
const nothing = (): string[] => []

/** Contradictions between named figures. */
function differences(expected: Readonly<Record<string, unknown>>, got: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(expected).filter(([name, value]) => got[name] !== value).map(([name, value]) => `${name}: the file says ${String(value)}, read ${String(got[name])}`)
}

const summaryOf = (document: AnyDocument): TraceSummary => summariseTrace(document as Trace)
const countLines = (content: Uint8Array, letter: string): number => {
  const code = letter.charCodeAt(0)
  let count = content[0] === code ? 1 : 0
  for (let at = content.indexOf(10); at >= 0 && at + 1 < content.length; at = content.indexOf(10, at + 1)) if (content[at + 1] === code) count++
  return count
}

function mtrace(document: AnyDocument, _content: Uint8Array, file: string): string[] {
  const fact = FACTS.find((candidate) => candidate.file === file)
  if (fact === undefined) return [`there is no independent count of ${file}`]
  const { events, ...summary } = summaryOf(document)
  return differences(fact.counts, { ...events, ...summary })
}

function malloclab(document: AnyDocument, content: Uint8Array): string[] {
  const [, , operations] = textOf(content.subarray(0, 200)).trim().split(/\s+/)
  return differences({ operations: Number(operations) }, { operations: (document as Trace).events })
}

/** The last field, tag 2, is the recorder's own count of the most blocks alive at once. */
function mallocBench(document: AnyDocument, content: Uint8Array): string[] {
  let start = content.length - 1
  while (start > 0 && content[start - 1]! >= 0x80) start--
  const digits = [...content.subarray(start)].reverse()
  const most = digits.reduce((value, byte) => value * 128 + (byte & 127), 0)
  return differences({ tag: 0x10, mostBlocks: most }, { tag: content[start - 1], mostBlocks: summaryOf(document).maxLiveBlocks })
}

/** Memcheck's own words at the end: it counts a realloc as one allocation and one free. */
function valgrind(document: AnyDocument, content: Uint8Array): string[] {
  const text = textOf(content.subarray(-4000))
  const number = (pattern: RegExp): number => Number(pattern.exec(text)?.[1]?.replaceAll(',', ''))
  const { events, requestedBytesTotal, endLiveBytes, endLiveBlocks } = summaryOf(document)
  return differences(
    { allocs: number(/usage: ([\d,]+) allocs/), frees: number(/allocs, ([\d,]+) frees/), bytes: number(/frees, ([\d,]+) bytes/), endBytes: number(/exit: ([\d,]+) bytes/), endBlocks: number(/bytes in ([\d,]+) blocks/) },
    { allocs: events.alloc + events.realloc, frees: events.free + events.realloc, bytes: requestedBytesTotal, endBytes: endLiveBytes, endBlocks: endLiveBlocks },
  )
}

function heaptrack(document: AnyDocument, content: Uint8Array): string[] {
  const { events } = summaryOf(document)
  return differences({ allocs: countLines(content, '+'), frees: countLines(content, '-') }, { allocs: events.alloc, frees: events.free + events.orphanFree })
}

function massif(document: AnyDocument, content: Uint8Array): string[] {
  const text = textOf(content)
  const listed = (name: string): number[] => [...text.matchAll(new RegExp(`^${name}=(\\d+)`, 'gm'))].map(([, digits]) => Number(digits))
  const { series } = document as Profile
  const got = (id: string): number[] => Array.from(findMeasure(series?.totals ?? [], id)?.values.slice() ?? [])
  const pairs = [['mem_heap_B', 'heap-bytes'], ['mem_heap_extra_B', 'heap-extra-bytes'], ['mem_stacks_B', 'stack-bytes']] as const
  const expected: Record<string, string> = { times: listed('time').join() }
  const read: Record<string, string> = { times: Array.from(series?.moments.time.slice() ?? []).join() }
  for (const [name, id] of pairs) {
    expected[name] = listed(name).join()
    read[name] = got(id).join()
  }
  return differences(expected, read)
}

interface DhatPoint {
  readonly tb: number
  readonly tbk: number
}

function dhat(document: AnyDocument, content: Uint8Array): string[] {
  const { pps } = JSON.parse(textOf(content)) as { pps: readonly DhatPoint[] }
  const sum = (key: keyof DhatPoint): number => pps.reduce((total, point) => total + point[key], 0)
  return differences({ bytes: sum('tb'), blocks: sum('tbk') }, { bytes: totalOf(document, 'allocated-bytes'), blocks: totalOf(document, 'allocated-blocks') })
}

const totalOf = (document: AnyDocument, id: string): number | undefined => {
  const measure = findMeasure((document as Profile).measures, id)
  return measure === undefined ? undefined : measureTotal(measure)
}

/**
 * jemalloc's `  t*: blocks: bytes [blocks: bytes]`: the first is the total, the others belong to a stack each. Since jemalloc
 * 5.3 they agree only when both are scaled (prof_unbias), so each is held to its own figure.
 */
function jemallocHeap(document: AnyDocument, content: Uint8Array): string[] {
  const [total, ...stacks] = [...textOf(content).matchAll(/^\s+t\*: (\d+): (\d+) \[/gm)].map(([, blocks, bytes]) => ({ blocks: Number(blocks), bytes: Number(bytes) }))
  const sum = (key: 'blocks' | 'bytes'): number => stacks.reduce((sumOfKey, stack) => sumOfKey + stack[key], 0)
  return differences(
    { totalBlocks: total?.blocks, totalBytes: total?.bytes, stackBlocks: sum('blocks'), stackBytes: sum('bytes') },
    { totalBlocks: statedOf(document, 'live-blocks'), totalBytes: statedOf(document, 'live-bytes'), stackBlocks: totalOf(document, 'live-blocks-sampled'), stackBytes: totalOf(document, 'live-bytes-sampled') },
  )
}

const statedOf = (document: AnyDocument, id: string): number | undefined => {
  const { measures } = document as Profile
  return (findMeasure(measures, `${id}-sampled`) ?? findMeasure(measures, id))?.statedTotal
}

/** `heap profile: blocks: bytes [blocks: bytes] @`: a file cut by its writer states more than it lists. */
function gperftools(document: AnyDocument, content: Uint8Array): string[] {
  const [, blocks, bytes] = /^heap profile:\s*(\d+):\s*(\d+) \[/.exec(textOf(content.subarray(0, 200))) ?? []
  return differences({ blocks: Number(blocks), bytes: Number(bytes) }, { blocks: statedOf(document, 'live-blocks'), bytes: statedOf(document, 'live-bytes') })
}

/** The figures behind a pattern must be among the document's statistics. */
const stated = (pattern: RegExp) => (document: AnyDocument, content: Uint8Array): string[] => {
  const figures = [...textOf(content).matchAll(pattern)].map(([, digits]) => Number(digits))
  const known = new Set((document as Profile).statistics.value.slice())
  return [...(figures.length === 0 ? ['the file states no such figure'] : []), ...figures.filter((figure) => !known.has(figure)).map((figure) => `the file states ${figure}, which was not read`)]
}

function mallinfo(document: AnyDocument, content: Uint8Array): string[] {
  const [head, ...lines] = textOf(content).trim().split('\n')
  const sums = head!.split(',').map((_, column) => lines.reduce((sum, line) => sum + Number(line.split(',')[column]), 0))
  const { series } = document as Profile
  return differences({ moments: lines.length, sums: sums.slice(1).join() }, { moments: series!.moments.length, sums: series!.totals.map(measureTotal).join() })
}

export const PROOFS: readonly Proof[] = [
  { files: /^mtrace\//, format: 'mtrace', by: 'an independent count of allocations, frees, reallocations, total, peak, its place, and what is left', contradictions: mtrace },
  { files: /^malloclab\//, format: 'malloclab', by: 'the number of operations in the header', contradictions: malloclab },
  { files: /^malloc-bench\//, format: 'malloc-bench', by: 'the most blocks alive at once, the last field of the file', contradictions: mallocBench },
  { files: /^valgrind-trace-malloc\//, format: 'valgrind-malloc', by: "Memcheck's totals at the end: allocations, frees, bytes, what is left in bytes and blocks", contradictions: valgrind },
  { files: /^heaptrack(?:-raw)?\//, format: 'heaptrack', by: 'the numbers of + and - records; heaptrack_print and the other form of the same recording in heaptrack/recorded.long.ts', contradictions: heaptrack },
  { files: /^massif\//, format: 'massif', by: 'time, heap, extra and stack bytes of every snapshot', contradictions: massif },
  { files: /^dhat\//, format: 'dhat', by: 'sums of bytes and blocks over all program points', contradictions: dhat },
  { files: /^jemalloc\/prof\./, format: 'jemalloc-heap', by: 'the line t* (stated total) and the sums of the t* lines of all stacks: live blocks and bytes', contradictions: jemallocHeap },
  { files: /^jemalloc\/stats\..*json$/, format: 'jemalloc-stats', by: 'allocated, active, resident and mapped', contradictions: stated(/"(?:allocated|active|resident|mapped)":\s*(\d+)/g) },
  { files: /^jemalloc\/stats\..*txt$/, format: 'jemalloc-stats', by: 'allocated, active, resident and mapped of the first line', contradictions: stated(/^Allocated: (\d+), active/gm) },
  { files: /^(?:tcmalloc\/tcprof|pprof-heap\/)/, format: 'gperftools-heap', by: 'the header: live blocks and bytes', contradictions: gperftools },
  { files: /^tcmalloc\/mallocstats/, format: 'tcmalloc-stats', by: 'the lines MALLOC: of bytes in use, in free lists and mapped', contradictions: stated(/^MALLOC:\s+[+=]?\s*(\d+) \(/gm) },
  { files: /^umdh\//, format: 'umdh', by: 'it opens, is sound and is what the golden table says', contradictions: nothing },
  { files: /^windbg\//, format: 'windbg', by: 'it opens, is sound and is what the golden table says; the statements of each log are held to its rows in windbg', contradictions: nothing },
  { files: /^minidump\/npe_r_mdmp/, format: '', refused: 'format-truncated', by: 'its directory of streams is cut (independent reading)', contradictions: nothing },
  { files: /^minidump(?:-full)?\//, format: 'minidump', by: 'it opens, is sound and is what the golden table says; streams, heaps and counters are held in minidump', contradictions: nothing },
  { files: /^ground-truth\/.*\.malloc_info\.xml$/, format: 'malloc-info', by: 'the size of every <total> and <system>', contradictions: stated(/<(?:total|system)[^>]* size="(\d+)"/g) },
  { files: /^ground-truth\/.*\.samples\.csv$/, format: 'mallinfo-samples', by: 'the number of lines and the sum of every column', contradictions: mallinfo },
  { files: /^ground-truth\/.*\.txt$/, format: '', refused: 'format-unknown', by: 'notes on the recordings, no heap', contradictions: nothing },
]
