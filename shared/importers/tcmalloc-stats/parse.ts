import type { ByteSource } from '../../base/byte-source'
import { HeapscapeError } from '../../base/errors'
import type { JobContext } from '../../base/job-context'
import { eachLine } from '../../base/text-lines'
import { Defects } from '../../model/defects'
import { Profile, StatisticTable } from '../../model/profile'
import type { ImportOptions } from '../importer'

/** `MALLOC: +      4702208 (    4.5 MiB) Bytes in page heap freelist`, `MALLOC:   380   Spans in use` */
const FIGURE = /^MALLOC: *[+=]? *(\d{1,16}) +(?:\( *[\d.]+ MiB\) +)?(\S.*)$/
/** `class   4 [       48 bytes ] :    20228 objs;   0.9 MiB;   1.0 cum MiB; ...` */
const SIZE_CLASS = /^class +(\d+) \[ *(\d{1,12}) bytes ?\] *: +(\d{1,15}) objs;/
/** `     4 pages *      1 spans ~    0.0 MiB; ...`, `>128   large *      0 spans ~ ...` */
const SPANS = /^(?: *(\d{1,9}) pages|(>\d+ +large)) \* +(\d{1,12}) spans ~/
const HEADINGS = /^(?:-+|MALLOC:[ -]*|PageHeap: .*|Call ReleaseFreeMemory.*|Bytes released to the OS.*|Total size of freelists.*|transfer cache, and central cache.*|)$/
const COUNTED = new Map([['Spans in use', 'count'], ['Thread heaps in use', 'count']])

export function looksLikeTcmallocStats(head: Uint8Array): boolean {
  return /^MALLOC: +\d+ \( *[\d.]+ MiB\) Bytes in use by application/m.test(new TextDecoder().decode(head))
}

/** Reads the text of `MallocExtension::GetStats`. Throws format-malformed, format-truncated, cancelled. */
export async function parseTcmallocStats(source: ByteSource, options: ImportOptions, job: JobContext): Promise<Profile> {
  const defects = new Defects(options.mode === 'strict')
  const unknownLine = defects.kind('unknown-line', 'Lines of no known form were skipped.')
  const cut = defects.kind('cut-line', 'The last line is cut and was ignored.')
  const incomplete = defects.kind('text-incomplete', 'The list of spans, which ends the text, is missing.')
  const statistics = new StatisticTable()
  let spanRows = 0
  await eachLine(source, job, (text, line, lacksFeed) => {
    if (lacksFeed) return defects.cut(cut, line, 'a whole line')
    if (addSpans(statistics, text)) spanRows++
    else if (!addFigure(statistics, text) && !addClass(statistics, text) && !HEADINGS.test(text)) defects.met(unknownLine, line, 'a line of tcmalloc statistics', text)
  })
  if (statistics.length === 0) throw new HeapscapeError('format-malformed', { expected: 'figures of tcmalloc', got: 'none' })
  if (spanRows === 0) defects.cut(incomplete, 1, 'a list of spans')
  return new Profile({ origin: { file: source.name, format: 'tcmalloc-stats', partial: defects.isPartial, notes: defects.toNotes(), producer: 'tcmalloc' }, statistics })
}

function addFigure(statistics: StatisticTable, text: string): boolean {
  const match = FIGURE.exec(text)
  if (match === null) return false
  statistics.add('process', '', match[2]!, Number(match[1]), COUNTED.get(match[2]!) ?? 'bytes')
  return true
}

/** The MiB of a class are rounded; its bytes are exact. */
function addClass(statistics: StatisticTable, text: string): boolean {
  const [, , bytes, objects] = (SIZE_CLASS.exec(text) ?? []).map(Number)
  if (bytes === undefined || objects === undefined) return false
  statistics.add('size-class', `${bytes} bytes`, 'cached blocks', objects, 'blocks')
  statistics.add('size-class', `${bytes} bytes`, 'cached bytes', objects * bytes, 'bytes')
  return true
}

function addSpans(statistics: StatisticTable, text: string): boolean {
  const match = SPANS.exec(text)
  if (match === null) return false
  const subject = match[1] === undefined ? `${match[2]!.replace(/ +large/, '')} pages` : `${match[1]} pages`
  statistics.add('free-span', subject, 'free spans', Number(match[3]), 'count')
  return true
}
