import { beforeAll, expect, test } from 'vitest'
import { BLOCK_COLUMNS, BLOCK_GROUPINGS } from '../../shared/analysis/block-columns'
import { manyBlocks } from '../../shared/analysis/testing/many-blocks'
import { manyLifetimes } from '../../shared/analysis/testing/many-lifetimes'
import { quietJob } from '../../shared/base/job-context'
import { PAGE_BYTES } from '../../shared/base/units'
import { MOST_TILE_CELLS } from '../../shared/ipc/address-time-api'
import { MOST_REGION_ROWS, MOST_SEGMENTS_TOLD, type EngineMethod, type EngineParams } from '../../shared/ipc/engine-api'
import { MOST_TABLE_ROWS } from '../../shared/ipc/dump-api'
import { engineChecks } from '../../shared/ipc/engine-checks'
import { HOST_METHODS, type HostApi } from '../../shared/ipc/host-api'
import { JoinedAnswer, partsOf } from '../../shared/ipc/answer-parts'
import { messageBytes, MOST_MESSAGE_BYTES } from '../../shared/ipc/message-size'
import { RegionState, RegionTable } from '../../shared/model/region-table'
import { Profile, StatisticTable } from '../../shared/model/profile'
import { Snapshot } from '../../shared/model/snapshot'
import { describeDocument } from './describe-document'
import { Documents } from './documents'
import type { EngineHandlers } from './handlers'
import { createHandlers } from './methods'
import { PathTable } from './path-table'
import { MAIN_WORKSPACE, Workspaces } from './workspaces'

/*
 * Every method of the contracts: asked its largest question about documents of many blocks, lifetimes, segments and regions
 * and measured, or bounded for the reason that stands beside it. A method that is in neither list fails the test.
 */
const ROWS = 60_000
const LIFETIMES = 20_000
const PARTS = 60_000
const MOST_ROWS = 10_000
const MOST_POINTS = 20_000

interface Asked {
  readonly snapshot: string
  readonly run: string
  /** Many segments and regions. */
  readonly parts: string
  readonly trace: string
  /** Statistics with long names. */
  readonly profile: string
  readonly base: number
  readonly events: number
  readonly traceEvents: number
  readonly spaceBytes: number
}

const ALL = { sort: 'size', descending: true, filter: { where: 'size > 20' } } as const
const moment = (it: Asked) => ({ documentId: it.snapshot, event: null })
const filtered = (it: Asked) => ({ ...moment(it), filter: ALL.filter })
const stretch = (it: Asked) => ({ documentId: it.run, fromEvent: 0, toEvent: it.events, points: MOST_POINTS })
const flame = (it: Asked) => ({ query: { documentId: it.snapshot, against: null, measure: 'live', unit: 'bytes', direction: 'top-down', detail: 'function', filter: '', event: null, againstEvent: null } as const, root: [], search: '' })

type Questions = { readonly [M in EngineMethod]?: (it: Asked) => readonly EngineParams<M>[] }
const MEASURED = {
  mapTile: (it) => [{ ...filtered(it), bytesPerCell: 64, ranges: [{ address: it.base, cells: 800_000 }], colors: { by: 'class' } }],
  mapColorings: (it) => [moment(it)],
  mapLegend: (it) => (['class', 'site', 'age'] as const).map((by) => ({ ...moment(it), colors: { by } })),
  mapRange: (it) => [{ ...moment(it), from: 0, to: 2 ** 47 }],
  mapStructure: (it) => [{ ...moment(it), from: it.base, to: it.base + 2 ** 20 }],
  blockColumns: (it) => [moment(it)],
  blockPage: (it) => [{ ...moment(it), query: ALL, columns: BLOCK_COLUMNS, offset: 0, count: MOST_ROWS }],
  blockRow: (it) => [{ ...moment(it), query: ALL, address: it.base }],
  blockGroups: (it) => BLOCK_GROUPINGS.map((by) => ({ ...moment(it), filter: {}, by, order: null, offset: 0, count: MOST_ROWS })),
  blockAt: (it) => [{ ...moment(it), address: it.base }],
  siteTexts: (it) => [{ documentId: it.snapshot, contains: 'f' }],
  moment: (it) => [moment(it), { documentId: it.parts, event: null }],
  momentMeasures: (it) => [moment(it), { documentId: it.parts, event: null }],
  runFigures: (it) => [{ documentId: it.run }],
  segmentPage: (it) => [{ documentId: it.parts, event: null, offset: 10, count: MOST_SEGMENTS_TOLD }],
  regionPage: (it) => [{ documentId: it.parts, offset: 0, count: MOST_REGION_ROWS }],
  sizeHistograms: (it) => [filtered(it)],
  freeSpace: (it) => [moment(it)],
  pageStrip: (it) => [{ ...filtered(it), first: 0, count: 2 ** 30, cells: 60_000 }],
  wasteTree: (it) => [filtered(it)],
  frontEnd: (it) => [moment(it)],
  heapProbe: (it) => [moment(it)],
  freeLists: (it) => [{ ...filtered(it), order: null, offset: 0, count: MOST_ROWS }],
  survival: (it) => [{ documentId: it.run, filter: ALL.filter }],
  series: (it) => [{ ...stretch(it), filter: ALL.filter }, { ...stretch(it), documentId: it.trace, toEvent: it.traceEvents, points: MOST_POINTS }],
  tiling: (it) => [stretch(it)],
  failures: (it) => [stretch(it)],
  neighbourEvent: (it) => [{ documentId: it.run, event: 5, forward: true, target: { kind: 'page', address: it.base } }],
  addressTimeSpace: (it) => [{ documentId: it.run }],
  addressTimeTile: (it) => [{ documentId: it.run, event: 5, window: { fromOffset: 0, toOffset: it.spaceBytes, fromEvent: 0, toEvent: it.events + 1 }, grid: { columns: 1000, rows: MOST_TILE_CELLS / 1000 }, color: 'site', filter: ALL.filter }],
  lifetimeAt: (it) => [{ documentId: it.run, address: it.base, event: 5 }],
  lifetimeStep: (it) => [{ documentId: it.run, address: it.base, event: 5, step: 'later' }],
  lifetimesOver: (it) => [{ documentId: it.run, address: 0, bytes: 2 ** 47 }, { documentId: it.run, address: it.base, bytes: 4096 }],
  lifetimeTotals: (it) => [{ documentId: it.run, filter: ALL.filter }],
  siteFacts: (it) => [{ documentId: it.snapshot }],
  siteFlame: (it) => [{ ...flame(it), parts: MOST_POINTS, mostDepth: 4096 }],
  siteRows: (it) => [{ ...flame(it), open: [], offset: 0, count: MOST_ROWS }],
  dumpHeaps: (it) => [{ documentId: it.snapshot }],
  dumpRows: (it) => (['free', 'segments', 'pages', 'regions', 'owners'] as const).map((table) => ({ documentId: it.parts, heap: null, table, order: null, offset: 0, count: MOST_TABLE_ROWS })),
  dumpRowAt: (it) => [{ documentId: it.parts, heap: null, table: 'regions', order: null, address: it.base }],
  dumpPlace: (it) => [{ documentId: it.snapshot, address: it.base }],
  dumpCompare: (it) => [{ a: it.snapshot, b: it.snapshot }],
  dumpDifferenceRows: (it) => (['places', 'sizes', 'pages'] as const).map((table) => ({ a: it.snapshot, b: it.snapshot, table, only: null, order: null, offset: 0, count: MOST_TABLE_ROWS })),
  openWorkload: () => [{ workload: 'G1' }],
  compare: (it) => [{ a: it.run, b: it.run }],
  use: () => [{}],
  consoleApi: () => [{}],
  lessonList: () => [{}],
  workspaceState: () => [{ workspaceId: 'main' }],
  comparisonNew: () => [{}],
} satisfies Questions

/** Answers that are not asked for here, and why none of them is large. */
const NAME = 'null, a file name, an id or a row'
const SET = 'records of members, in parts where there are very many'
const SUMMARY = 'what is told of a document: sums, at most 256 heaps and their findings by kind'
const CONSOLE = 'at most 1000 lines a page'
/** Texts and lists of others without a bound of their own: what is larger goes in parts (shared/ipc/answer-parts.ts), measured below and in window-connection.test.ts. */
const IN_PARTS = 'in parts where it is larger'
const BOUNDED = {
  open: SUMMARY, simulate: SUMMARY, save: SUMMARY, liveCapture: SUMMARY, consoleTrace: SUMMARY, comparisonShow: SUMMARY,
  archiveFiles: 'at most MOST_ARCHIVE_FILES',
  close: NAME, blockExport: NAME, groupExport: NAME, siteExport: NAME, exportFile: NAME, exportPart: NAME, exportEnd: NAME, dumpDifferenceRowAt: NAME, dumpSearch: NAME, liveDump: NAME,
  comparisonExport: NAME, comparisonClose: NAME, sweepSave: NAME, sweepDataset: NAME, sweepClose: NAME, querySave: NAME, queryClose: NAME, workspaceEnd: NAME, consoleSave: NAME, walkClose: NAME,
  walkRowAt: NAME, walkNextChange: NAME, walkSearch: NAME, heapDocumentClose: NAME, heapDocumentReplay: NAME, heapDocumentOpen: NAME,
  dumpBytes: 'three times at most 64 KB and the fields of at most a few hundred blocks', dumpChangedLines: 'at most 10,000 numbers',
  comparisonEdit: SET, comparisonMeasure: SET, comparisonResult: 'figures of two sides and their causes', comparisonAlign: 'numbers of at most a few hundred moments', comparisonChange: 'causes of a difference',
  comparisonCosts: 'at most 10,000 rows of numbers', comparisonMatch: 'at most 10,000 groups', comparisonTimelines: '101 numbers a member', comparisonCurves: 'a few hundred numbers a member',
  comparisonSurvival: 'a curve a side', comparisonLanes: IN_PARTS, comparisonLaneTiles: 'two tiles of at most 200,000 cells of 4 bytes', comparisonMapTile: 'as mapTile',
  liveList: 'a few thousand processes of a few hundred bytes', liveChanges: IN_PARTS,
  explain: 'two sentences', profileStatistics: IN_PARTS, profileSeries: IN_PARTS, profileMoment: 'a number a measure',
  sweepOutlook: 'numbers', sweepRun: 'at most MOST_SWEEP_POINTS', sweepRank: 'at most MOST_SWEEP_POINTS', sweepLines: 'at most 32 lines of a few hundred points',
  queryOpen: 'columns of a table', queryRun: 'columns of a result', queryRows: IN_PARTS,
  workspaceRestart: 'as workspaceState', workspaceVersion: 'as workspaceState', consoleState: CONSOLE, consoleEnter: CONSOLE, consoleGoTo: CONSOLE, consoleScript: IN_PARTS, consoleReadFile: IN_PARTS,
  consoleCheck: 'errors of the lines of one request, at most 1 MB', consoleComplete: 'names of calls and variables',
  walkOpen: 'what is told of a viewer', walkRefresh: 'what is told of a viewer', walkKeep: 'what is told of a viewer', walkForget: 'what is told of a viewer', walkCompare: 'what is told of a viewer',
  walkRows: 'at most 1000 rows', walkBytes: 'at most 64 KB three times', walkChangedLines: 'at most 10,000 numbers', walkFollow: 'one block',
  lessonRun: 'the outcome of a lesson of the program', lessonOpen: 'the outcome of a lesson of the program',
} satisfies Record<Exclude<EngineMethod, keyof typeof MEASURED>, string>

const FILES = 'ids and names of at most 1000 files, more in several messages (main/host/deliveries.ts), or of the 2000 of a folder'
const HOST = {
  openDialog: FILES, openFolderDialog: FILES, windowReady: FILES, openDatasetDialog: NAME, saveDialog: NAME, saveFolderDialog: NAME, openRecent: NAME, recentFiles: 'at most 20 files',
  clearRecent: NAME, settings: 'a layout of at most 1 MB, 100 filters of 2000 letters, keys of commands', changeSettings: 'as settings', appFacts: NAME, keepSession: NAME, lastSession: 'at most 1000 names',
  restoreSession: 'at most 1000 items; refused when their views are larger', painted: NAME, restartElevated: NAME,
} satisfies Record<keyof HostApi, string>

let handlers: EngineHandlers
let asked: Asked

/** The blocks of a small snapshot among many segments and regions with long names. */
function manyParts(): Snapshot {
  const { origin, pageBytes, addressSpace, heaps, blocks, siteNames, event } = manyBlocks(1000)
  const regions = new RegionTable()
  const segments = Array.from({ length: PARTS }, (_, i) => ({ heap: 0, base: 2 ** 40 + 2 * i * PAGE_BYTES, reservedBytes: PAGE_BYTES }))
  for (const { base, reservedBytes } of segments) {
    regions.base.push(base)
    regions.size.push(reservedBytes)
    regions.state.push(RegionState.Committed)
    regions.owner.push(0)
  }
  return new Snapshot({ origin, pageBytes, addressSpace, heaps, segments, owners: ['C:\\'.padEnd(LONGEST_PATH, 'x')], regions, blocks, event, siteNames, coverage: 'some' })
}
/** What an allocator says of itself, of names that fill a message many times over. */
function longStatistics(): Profile {
  const statistics = new StatisticTable()
  for (let i = 0; i < MOST_ROWS; i++) statistics.add('bin', `arena ${i}`, 'n'.repeat(1000), i, 'count')
  return new Profile({ origin: { ...manyBlocks(1).origin, format: 'jemalloc-stats' }, statistics })
}

/** Paths are seldom longer on Windows. */
const LONGEST_PATH = 260

beforeAll(async () => {
  const documents = new Documents()
  const add = async (content: Parameters<typeof describeDocument>[1]): Promise<string> =>
    (await documents.add(content, (id, views) => describeDocument(id, content, views, { saved: false, view: null }, quietJob))).id
  handlers = createHandlers({ documents, workspaces: new Workspaces(), sources: new PathTable(), targets: new PathTable(), tell: () => undefined })
  const snapshot = manyBlocks(ROWS)
  const run = manyLifetimes(LIFETIMES)
  const runId = await add(run)
  const { space } = await handlers.addressTimeSpace({ documentId: runId }, quietJob)
  const trace = await handlers.openWorkload({ workload: 'G1' }, quietJob)
  asked = {
    snapshot: await add(snapshot), run: runId, parts: await add(manyParts()), trace: trace.id, profile: await add(longStatistics()), traceEvents: trace.events,
    base: snapshot.segments[0]!.base, events: run.events, spaceBytes: space.bytes,
  }
})

test('every method of the engine and of the host is measured or bounded, none twice', () => {
  expect([...Object.keys(MEASURED), ...Object.keys(BOUNDED)].sort()).toEqual(Object.keys(engineChecks).sort())
  expect(Object.keys(HOST).sort()).toEqual([...HOST_METHODS].sort())
})

test.each(Object.keys(MEASURED) as (keyof typeof MEASURED)[])('the largest answer of %s fits into a message', async (method) => {
  const questions = (MEASURED[method] as (it: Asked) => readonly EngineParams<EngineMethod>[])(asked)
  expect(questions.length).toBeGreaterThan(0)
  for (const question of questions) {
    expect(engineChecks[method].safeParse(question), 'the question is one the window may ask').toMatchObject({ success: true })
    const answer = await (handlers[method] as (params: unknown, job: typeof quietJob) => unknown)(question, quietJob)
    expect(messageBytes(answer)).toBeLessThanOrEqual(MOST_MESSAGE_BYTES)
  }
})

test('tiles and pages of the largest size come whole', async () => {
  const of = moment(asked)
  const tile = await handlers.mapTile(MEASURED.mapTile(asked)[0]!, quietJob)
  expect([tile.chosen?.length, tile.color?.length]).toEqual([800_000, 800_000])
  expect((await handlers.blockPage({ ...of, query: ALL, offset: 0, count: MOST_ROWS }, quietJob)).address).toHaveLength(MOST_ROWS)
  expect((await handlers.regionPage({ documentId: asked.parts, offset: 0, count: MOST_REGION_ROWS }, quietJob)).rows).toHaveLength(MOST_REGION_ROWS)
})

test('segments beyond those of the moment come by page', async () => {
  const of = { documentId: asked.parts, event: null }
  const first = await handlers.moment(of, quietJob)
  expect([first.segments.length, first.segmentCount]).toEqual([MOST_SEGMENTS_TOLD, PARTS])
  const last = await handlers.segmentPage({ ...of, offset: PARTS - 5, count: 100 }, quietJob)
  expect(last.segments).toHaveLength(5)
  expect(last.segments.at(-1)!.base).toBe(2 ** 40 + 2 * (PARTS - 1) * PAGE_BYTES)
})

test('answers without a bound of their own come whole, in parts that fit', async () => {
  const { comparisonNew, comparisonEdit, comparisonMeasure, comparisonLanes, liveChanges, heapDocumentOpen, consoleEnter, consoleScript, profileStatistics } = handlers
  const set = await comparisonNew({}, quietJob)
  const of = { comparisonId: set.id }
  for (const { id } of set.sides) await comparisonEdit({ ...of, edit: { kind: 'add', sideId: id, members: [{ documentId: asked.parts }] } }, quietJob)
  const [a, b] = (await comparisonMeasure(of, quietJob)).members
  const console = { workspaceId: MAIN_WORKSPACE, id: (await heapDocumentOpen({ workspaceId: MAIN_WORKSPACE, kind: 'console', title: 'Long', initialBytes: 0x1000, maximumBytes: 0 }, quietJob)).id }
  const line = `; ${'x'.repeat(9997)}`
  for (let part = 0; part < 3; part++) await consoleEnter({ ...console, text: Array.from({ length: 90 }, () => line).join('\n'), run: false, after: part > 0 }, quietJob)
  const answers = {
    comparisonLanes: await comparisonLanes({ ...of, a: { memberId: a!.id, event: null }, b: { memberId: b!.id, event: null } }, quietJob),
    liveChanges: await liveChanges({ a: asked.snapshot, b: asked.parts }, quietJob),
    consoleScript: await consoleScript(console, quietJob),
    profileStatistics: await profileStatistics({ documentId: asked.profile, search: '', offset: 0, count: MOST_ROWS }, quietJob),
  }
  for (const [method, answer] of Object.entries(answers)) {
    const joined = new JoinedAnswer()
    expect(messageBytes(answer), method).toBeGreaterThan(MOST_MESSAGE_BYTES)
    for (const part of partsOf(answer)) {
      expect(messageBytes(part), method).toBeLessThanOrEqual(MOST_MESSAGE_BYTES)
      joined.take(part)
    }
    expect(JSON.stringify(joined.value) === JSON.stringify(answer), method).toBe(true)
  }
  expect(answers.comparisonLanes).toHaveLength(PARTS)
  expect(answers.consoleScript.text.split('\n')).toHaveLength(270)
})
