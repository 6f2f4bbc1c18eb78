import path from 'node:path'
import { FRAME_DETAILS, type FrameDetail } from '../../../shared/analysis/sites/frame-keys'
import { flamePage } from '../../../shared/analysis/sites/site-pages'
import { findMeasure, type SiteMeasure, type SiteSource } from '../../../shared/analysis/sites/site-measures'
import { SiteStudy, type SiteTreeQuery } from '../../../shared/analysis/sites/site-study'
import { SITE_UNITS, TREE_DIRECTIONS, type SiteUnit, type TreeDirection } from '../../../shared/analysis/sites/site-tree'
import { HeapscapeError } from '../../../shared/base/errors'
import { siteSourceOf } from '../../../shared/jobs/site-source'
import { flameSvg } from '../../../shared/report/sites-report'
import { siteTreeJson, siteTreeText, type SiteTreeReport } from '../../../shared/report/site-tree-report'
import { writeFileAtomically } from '../../files/atomic-write'
import { type Command, ExitCode, type OptionValues, usageError } from '../arguments'
import { importOptions, INPUT_OPTIONS, openInput, withJob } from '../input'
import { jsonText } from '../output'

const DEFAULT_LEAST_PERCENT = 1
const PICTURE_PARTS = 2400
const PICTURE_DEPTH = 4096

export const sitesCommand: Command = {
  name: 'sites',
  usage: 'FILE, or A B [--measure live|peak|allocated|temporary|waste|...] [--event N] [--filter TEXT] [--tree top-down|bottom-up] [--unit bytes|count] [--detail function|line] [--least PERCENT] [--svg OUT.svg] [--json]',
  summary: 'says which calls asked for memory, as a tree; of two files what B has more and less than A',
  options: {
    ...INPUT_OPTIONS,
    measure: { type: 'string' },
    event: { type: 'string' },
    filter: { type: 'string' },
    tree: { type: 'string' },
    unit: { type: 'string' },
    detail: { type: 'string' },
    least: { type: 'string' },
    svg: { type: 'string' },
    json: { type: 'boolean' },
  },
  takes: [1, 2],
  run: async (files, values, output) => {
    const sources: SiteSource[] = []
    for (const file of files) sources.push(await openSource(file, values))
    // The last file is the one looked at; with two, the first is what was before.
    const source = sources.at(-1)!
    const measure = measureOf(source, values)
    const query = queryOf(values, measure, files.length)
    const study = new SiteStudy(source, sources.length > 1 ? sources[0] : undefined)
    const studied = await withJob('adding up call paths', (job) => study.tree(query, job))
    const report: SiteTreeReport = { studied, measure, query, files: files.map((file) => path.basename(file)), leastShare: percent(values) / 100, title: titleOf(files, measure) }
    if (typeof values['svg'] === 'string') {
      const page = flamePage(studied, { root: [], parts: PICTURE_PARTS, mostDepth: PICTURE_DEPTH, search: '' })
      const svg = flameSvg(page, { title: report.title, measure, unit: query.unit, isIcicle: true })
      await writeFileAtomically(values['svg'], (sink) => sink.write(new TextEncoder().encode(svg)))
    }
    output.result(values['json'] === true ? jsonText(siteTreeJson(report)) : siteTreeText(report))
    return ExitCode.Ok
  },
}

/** @throws HeapscapeError `sites-unknown` */
async function openSource(file: string, values: OptionValues): Promise<SiteSource> {
  const source = siteSourceOf(await openInput(file, importOptions(values)))
  if (source.sites.names.length > 0) return source
  throw new HeapscapeError('sites-unknown', { detail: 'its source records none.' }, { file })
}

const titleOf = (files: readonly string[], measure: SiteMeasure): string => `${measure.title}: ${files.map((file) => path.basename(file)).join(' → ')}`

/** @throws HeapscapeError `measure-unknown` */
function measureOf(source: SiteSource, values: OptionValues): SiteMeasure {
  const wanted = values['measure']
  if (typeof wanted === 'string') return findMeasure(source.measures, wanted)
  const first = source.measures.find((measure) => measure.id === 'live') ?? source.measures[0]
  if (first === undefined) throw new HeapscapeError('sites-unknown', { detail: 'none of its figures can be added up over call sites.' })
  return first
}

function queryOf(values: OptionValues, measure: SiteMeasure, files: number): SiteTreeQuery {
  const event = wholeNumber(values, 'event')
  if (event !== null && !measure.isAtEvent) throw usageError(sitesCommand, `--event has no meaning for ${measure.id}`)
  return {
    measure: measure.id,
    unit: oneOf<SiteUnit>(values, 'unit', SITE_UNITS, 'bytes'),
    direction: oneOf<TreeDirection>(values, 'tree', TREE_DIRECTIONS, 'top-down'),
    // Of two builds the lines of the same function differ, but that is what a difference by line is for.
    detail: oneOf<FrameDetail>(values, 'detail', FRAME_DETAILS, files > 1 ? 'line' : 'function'),
    filter: typeof values['filter'] === 'string' ? values['filter'] : '',
    event,
    againstEvent: event,
  }
}

function oneOf<T extends string>(values: OptionValues, name: string, known: readonly T[], otherwise: T): T {
  const text = values[name]
  if (typeof text !== 'string') return otherwise
  const found = known.find((one) => one === text)
  if (found === undefined) throw usageError(sitesCommand, `--${name} expects ${known.join(' or ')}, got "${text}"`)
  return found
}

function wholeNumber(values: OptionValues, name: string): number | null {
  const text = values[name]
  if (typeof text !== 'string') return null
  if (!/^\d{1,10}$/.test(text)) throw usageError(sitesCommand, `--${name} expects a whole number, got "${text}"`)
  return Number(text)
}

function percent(values: OptionValues): number {
  const text = values['least']
  if (typeof text !== 'string') return DEFAULT_LEAST_PERCENT
  const number = Number(text)
  if (text.trim() === '' || !(number >= 0 && number <= 100)) throw usageError(sitesCommand, `--least expects 0 to 100 percent, got "${text}"`)
  return number
}
