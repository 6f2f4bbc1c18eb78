import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cancelledAfter, quietJob, type JobContext, type Progress } from '../../shared/base/job-context'
import { mulberry32 } from '../../shared/base/random'
import type { ComparisonEdit, ComparisonQuestion, ComparisonSet } from '../../shared/ipc/comparison-api'
import { comparisonChecks } from '../../shared/ipc/comparison-checks'
import { saveDocument } from '../../shared/jobs/save-document'
import { drawHeap } from '../../shared/model/testing/drawn-heap'
import { runCommandLine } from '../cli/command-line'
import { writeFileAtomically } from '../files/atomic-write'
import { loadParquet } from '../files/parquet-wasm'
import { Documents } from './documents'
import type { EngineHandlers } from './handlers'
import { createHandlers } from './methods'
import { PathTable } from './path-table'
import { Workspaces } from './workspaces'

/** A program of random replacements in a pool of `blocks`, as a .rep trace. */
function program(seed: number, blocks: number): string {
  const random = mulberry32(seed)
  const lines: string[] = []
  const alive: number[] = []
  let next = 0
  for (let i = 0; i < 3 * blocks; i++) {
    if (alive.length >= blocks) lines.push(`f ${alive.splice(Math.floor(random() * alive.length), 1)[0]!}`)
    lines.push(`a ${next} ${16 + Math.floor(random() * 3000)}`)
    alive.push(next++)
  }
  return `20000\n${next}\n${lines.length}\n1\n${lines.join('\n')}\n`
}

describe('comparison sets', () => {
  let folder: string
  let handlers: EngineHandlers
  let sources: PathTable
  let targets: PathTable

  beforeEach(async () => {
    await loadParquet()
    folder = mkdtempSync(path.join(tmpdir(), 'heapscape-set-'))
    sources = new PathTable()
    targets = new PathTable()
    handlers = createHandlers({ documents: new Documents(), workspaces: new Workspaces(), sources, targets, tell: () => {} })
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  const at = (name: string): string => path.join(folder, name)
  function source(name: string, content: string): { sourceId: string } {
    writeFileSync(at(name), content)
    return registered(name)
  }
  function registered(name: string): { sourceId: string } {
    sources.register(name, { path: at(name), name })
    return { sourceId: name }
  }
  const traces = (name: string, blocks: number, count: number, seed: number) => Array.from({ length: count }, (_, i) => source(`${name}${i}.rep`, program(seed + i, blocks)))
  const edit = async (set: ComparisonSet, change: ComparisonEdit): Promise<ComparisonSet> => {
    expect(comparisonChecks.comparisonEdit.safeParse({ comparisonId: set.id, edit: change }).success).toBe(true)
    return handlers.comparisonEdit({ comparisonId: set.id, edit: change }, quietJob)
  }
  const question = (set: ComparisonSet): ComparisonQuestion => ({ comparisonId: set.id, a: set.sides[0]!.id, b: set.sides[1]!.id, label: null, commonOnly: false, seed: 42 })

  async function setOf(a: readonly { sourceId: string }[], b: readonly { sourceId: string }[]): Promise<ComparisonSet> {
    const empty = await handlers.comparisonNew({}, quietJob)
    await edit(empty, { kind: 'add', sideId: empty.sides[0]!.id, members: a })
    return b.length === 0 ? (await handlers.comparisonEdit({ comparisonId: empty.id, edit: { kind: 'retry' } }, quietJob)) : edit(empty, { kind: 'add', sideId: empty.sides[1]!.id, members: b })
  }
  const measured = async (set: ComparisonSet, job: JobContext = quietJob): Promise<ComparisonSet> => handlers.comparisonMeasure({ comparisonId: set.id }, job)

  it('gives the JSON, Markdown and HTML that the command line gives for the same files', async () => {
    const set = await measured(await setOf(traces('a', 200, 6, 1), traces('b', 300, 6, 50)))
    expect(set.members.map(({ state }) => state)).toEqual(Array(12).fill('measured'))
    const sides = ['compare', ...['a', 'b'].flatMap((side) => [`--${side}`, ...Array.from({ length: 6 }, (_, i) => at(`${side}${i}.rep`))])]
    const printed: string[] = []
    const options: Record<string, readonly string[]> = { json: ['--json'], markdown: ['--markdown', '--anonymous'] }
    for (const [form, more] of Object.entries(options)) {
      expect(await runCommandLine([...sides, ...more], { result: (text) => printed.push(text), failure: () => {} })).toBe(0)
      targets.register(form, { path: at(form), name: form })
      expect(await handlers.comparisonExport({ ...question(set), form: form as 'json', anonymous: form === 'markdown', targetId: form }, quietJob)).toEqual({ name: form })
      expect(readFileSync(at(form), 'utf8')).toBe(`${printed.at(-1)!}\n`)
    }
    expect(JSON.parse(printed[0]!)).toMatchObject({ schema: 1, basis: 'tested' })
    await runCommandLine([...sides, '--html', at('cli.html')], { result: () => {}, failure: () => {} })
    targets.register('html', { path: at('html'), name: 'html' })
    await handlers.comparisonExport({ ...question(set), form: 'html', anonymous: false, targetId: 'html' }, quietJob)
    expect(readFileSync(at('html'), 'utf8')).toBe(readFileSync(at('cli.html'), 'utf8'))
  })

  it('answers verdict, causes and gate; what is selected splits every cost', async () => {
    const set = await measured(await setOf(traces('a', 300, 6, 1), traces('b', 700, 6, 50)))
    const { comparison, explanation, nearest, gate } = await handlers.comparisonResult(question(set), quietJob)
    expect(comparison.primary[0]).toMatchObject({ verdict: 'worse' })
    expect(gate).toMatchObject({ verdict: 'suspect', mode: 'sampled' })
    const aligned = await handlers.comparisonAlign({ comparisonId: set.id, ...nearest!, mode: 'anchors' }, quietJob)
    const pair = { comparisonId: set.id, a: { memberId: nearest!.a, event: aligned.a[aligned.peak]! }, b: { memberId: nearest!.b, event: aligned.b[aligned.peak]! } }
    expect(await handlers.comparisonChange(pair, quietJob)).toEqual(explanation)
    const costs = async (selection: { minBytes?: number; maxBytes?: number }) => handlers.comparisonCosts({ ...pair, grouping: 'size-class', selection, order: 'change', descending: true, offset: 0, count: 1000 }, quietJob)
    const [all, small, large] = [await costs({}), await costs({ maxBytes: 1000 }), await costs({ minBytes: 1001 })]
    expect(small.sum.b.blocks + large.sum.b.blocks).toBe(all.sum.b.blocks)
    expect(all.sum.b.live - all.sum.a.live).toBe(explanation!.split.find(({ term }) => term === 'live')!.difference)
    expect(all.rows.map(({ change }) => Math.abs(change))).toEqual(all.rows.map(({ change }) => Math.abs(change)).sort((x, y) => y - x))
    const match = await handlers.comparisonMatch({ ...pair, key: null, selection: { maxBytes: 1000 }, offset: 0, count: 5 }, quietJob)
    expect(match).toMatchObject({ key: 'size', confidence: 'weak', keys: ['size', 'class'] })
    expect(match.matched + match.gone).toBe(small.sum.a.blocks)
    expect(match.matched + match.added).toBe(small.sum.b.blocks)
    const pick = { comparisonId: set.id, sides: set.sides.map(({ id }) => id), label: null }
    const timelines = await handlers.comparisonTimelines({ ...pick, axis: 'progress', series: 'footprint' }, quietJob)
    expect(timelines.map(({ members }) => members.map(({ values }) => values!.length))).toEqual([Array(6).fill(101), Array(6).fill(101)])
    // The last value of the axis is the end of the run.
    expect(timelines[1]!.members[0]!.values!.at(-1)).toBe(comparison.b.runs[0]!.values['run.endFootprintBytes'])
    const curves = await handlers.comparisonCurves({ ...pick, moment: 'peak' }, quietJob)
    expect(curves[0]!.members[0]).toMatchObject({ id: 'm1', name: 'a0.rep' })
    const survival = await handlers.comparisonSurvival({ ...pick, weight: 'blocks', sizeClass: null }, quietJob)
    // Every allocation of the six programs began: three times the pool each.
    expect([survival.unit, survival.curves.map(({ curve }) => curve!.total)]).toEqual(['bytes', [6 * 900, 6 * 2100]])
    const lanes = await handlers.comparisonLanes(pair, quietJob)
    const [tileA, tileB] = await handlers.comparisonLaneTiles({ ...pair, ranges: [{ lane: 0, offset: 0, cells: 16 }], bytesPerCell: 4096 }, quietJob)
    expect([lanes[0]!.segments.length, tileA!.state.length, tileB!.difference.length]).toEqual([2, 16, 16])
    const map = { comparisonId: set.id, at: pair.b, bytesPerCell: 4096, ranges: [{ address: lanes[0]!.segments[1]!.base, cells: 64 }] }
    const [tile, tiny] = [await handlers.comparisonMapTile({ ...map, selection: { maxBytes: 1000 } }, quietJob), await handlers.comparisonMapTile({ ...map, selection: { maxBytes: 1 } }, quietJob)]
    expect([(await handlers.comparisonMapTile({ ...map, selection: {} }, quietJob)).chosen, tiny.chosen!.some((share) => share > 0), tile.chosen!.some((share) => share > 0 && share < 255)]).toEqual([undefined, false, true])
    const [shownA] = await handlers.comparisonShow({ comparisonId: set.id, members: [nearest!.a, nearest!.b] }, quietJob)
    expect(shownA!.kind).toBe('run')
    expect(shownA!.file).toMatch(/^a\d\.rep$/)
    expect(await handlers.moment({ documentId: shownA!.id, event: pair.a.event }, quietJob)).toHaveProperty('blocks')
    await handlers.comparisonClose({ comparisonId: set.id }, quietJob)
    await expect(async () => handlers.moment({ documentId: shownA!.id, event: 0 }, quietJob)).rejects.toThrow(/no open document/)
  })

  it('compares snapshots as the command line does, and refuses them against runs with the reason', async () => {
    const save = (name: string, picture: string) => writeFileAtomically(at(name), (sink) => saveDocument(drawHeap(picture, { headerBytes: 8, bytesPerCharacter: 1024 }), sink, {}, quietJob))
    await save('before.heapscape', '[#][AAAA][..][BB][..]')
    await save('after.heapscape', '[#][AAAA][......][B][..][CCCC][....]')
    const set = await measured(await setOf([registered('before.heapscape')], [registered('after.heapscape')]))
    expect(set.members.map(({ kind }) => kind)).toEqual(['snapshot', 'snapshot'])
    const { comparison, explanation } = await handlers.comparisonResult(question(set), quietJob)
    expect(comparison.primary.map(({ figure }) => figure.id)).toEqual(['snapshot.M2_footprintBytes', 'snapshot.wastedBytes', 'snapshot.M11_pinnedFreeBytes'])
    expect(comparison.primary[0]).toMatchObject({ difference: 11 * 1024 })
    const terms = explanation!.split.filter(({ term }) => !['committed', 'uncommitted', 'reserved'].includes(term))
    expect(terms.reduce((sum, { difference }) => sum + difference, 0)).toBe(11 * 1024)
    const printed: string[] = []
    await runCommandLine(['compare', '--a', at('before.heapscape'), '--b', at('after.heapscape'), '--json'], { result: (text) => printed.push(text), failure: () => {} })
    expect(JSON.parse(printed[0]!)).toMatchObject({ basis: 'thresholds', issues: [{ code: 'workload-drift' }, { code: 'one-moment' }], explanation: { split: explanation!.split } })

    const mixed = await measured(await setOf([registered('before.heapscape')], traces('a', 200, 1, 1)))
    await expect(handlers.comparisonResult(question(mixed), quietJob)).rejects.toThrow(/before\.heapscape is of one moment/)
    await expect(handlers.comparisonResult({ ...question(mixed), commonOnly: true }, quietJob)).rejects.toMatchObject({ code: 'not-comparable' })
  })

  it('keeps what cannot be opened with its reason, and goes on; another heap measures replayed members anew', async () => {
    const set = await measured(await setOf([source('noise.bin', '\u0001\u0002\u0003'), ...traces('a', 200, 1, 1)], traces('b', 300, 1, 9)))
    expect(set.members.map(({ state, failure }) => failure?.code ?? state)).toEqual(['format-unknown', 'measured', 'measured'])
    const [, a] = set.members
    const other = await edit(set, { kind: 'choice', choice: { heap: 'buddy', overrides: {} } })
    expect(other.members.map(({ state }) => state)).toEqual(['waiting', 'waiting', 'waiting'])
    const again = await measured(other)
    expect(again.members[1]!.footprintBytes).not.toBe(a!.footprintBytes)
    const { comparison } = await handlers.comparisonResult(question(again), quietJob)
    expect(comparison.a.runs[0]!.conditions.request.heap).toBe('buddy')
  })

  it('tells progress over all members and stops where it is cancelled', async () => {
    const set = await setOf(traces('a', 200, 2, 1), traces('b', 300, 2, 9))
    await expect(measured(set, cancelledAfter(1))).rejects.toMatchObject({ code: 'cancelled' })
    const told: Progress[] = []
    expect((await measured(set, { progress: (progress) => told.push(progress), checkpoint: () => Promise.resolve() })).members.every(({ state }) => state === 'measured')).toBe(true)
    expect(told.every(({ done, total, unit }, i) => total === 4 && unit === 'members' && done >= (told[i - 1]?.done ?? 0))).toBe(true)
  })

  it('edits sides: moves, renames, labels, removes, and sorts a folder into sides of their own', async () => {
    let set = await setOf(traces('a', 50, 2, 1), [])
    set = await edit(set, { kind: 'move', members: [set.members[0]!.id], sideId: null })
    expect(set.sides.map(({ name }) => name)).toEqual(['A', 'B', 'C'])
    expect(set.members.map(({ title, sideId }) => [title, sideId])).toEqual([['a1.rep', 1], ['a0.rep', 3]])
    set = await edit(set, { kind: 'rename-side', sideId: 3, name: ' candidate ' })
    set = await edit(set, { kind: 'reference', sideId: 3 })
    set = await edit(set, { kind: 'label', memberId: set.members[0]!.id, label: 'level 1' })
    expect([set.sides[0]!.name, set.members[0]!.label]).toEqual(['candidate', 'level 1'])
    const { unpaired } = await measured(set).then((all) => handlers.comparisonResult({ ...question(all), b: 1 }, quietJob))
    expect(unpaired).toEqual({ a: ['level 1'], b: [] })
    set = await edit(set, { kind: 'remove-side', sideId: 1 })
    set = await edit(set, { kind: 'remove', members: [set.members[0]!.id] })
    expect(set.members).toEqual([])
    set = await edit(set, { kind: 'add-sides', sides: [{ name: 'old', members: traces('o', 50, 1, 1) }, { name: 'new', members: traces('n', 50, 1, 2) }] })
    expect(set.sides.map(({ name }) => name)).toEqual(['old', 'new'])
    expect(() => handlers.comparisonEdit({ comparisonId: set.id, edit: { kind: 'remove', members: ['m999'] } }, quietJob)).toThrow(/no member m999/)
  })
})
