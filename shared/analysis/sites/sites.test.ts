import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { quietJob, cancelledAfter } from '../../base/job-context'
import type { Steps } from '../../base/steps'
import type { Run } from '../../model/run'
import { SnapshotCutter } from '../../model/snapshot-at'
import type { Trace } from '../../model/trace'
import { resolveRequest } from '../../sim/profiles'
import { replayTrace } from '../../sim/replay/replay'
import { tilingSplit } from '../metrics/tiling-split'
import { summariseTrace } from '../trace-summary'
import { nodeAt, pathOf, type CallTree } from './call-tree'
import { layoutFlame } from './flame-layout'
import { mergeStacks, ROOT } from './merged-stacks'
import { RunSiteSource } from './run-sites'
import { valuesOf, type SiteSource } from './site-measures'
import { SiteStudy, type StudiedTree } from './site-study'
import { buildSiteTree, SiteColumn, type TreeDirection } from './site-tree'
import { randomTrace } from './testing/random-trace'
import { TraceSiteSource } from './trace-sites'
import { listRows } from './tree-rows'

const shape = fc.record({ seed: fc.integer(), frames: fc.integer({ min: 1, max: 40 }), stacks: fc.integer({ min: 0, max: 120 }), sites: fc.integer({ min: 0, max: 60 }), events: fc.integer({ min: 0, max: 300 }) })
const direction = fc.constantFrom<TreeDirection>('top-down', 'bottom-up')
const sourceOf = (trace: Trace): TraceSiteSource => new TraceSiteSource(trace, () => summariseTrace(trace).peakEvent)

function allNodes(tree: CallTree): number[] {
  const nodes = [ROOT as number]
  for (let i = 0; i < nodes.length; i++) nodes.push(...tree.children(nodes[i]!))
  return nodes
}

/** Every node holds what its children and its own paths hold, and children come by weight. */
function expectSound(tree: CallTree, columns: number): void {
  for (const node of allNodes(tree)) {
    const children = [...tree.children(node)]
    for (let column = 0; column < columns; column++) {
      const sum = children.reduce((total, child) => total + tree.total(column, child), tree.self(column, node))
      expect(sum).toBeCloseTo(tree.total(column, node), 6)
    }
    const weights = children.map((child) => tree.weightOf(child))
    expect(weights).toEqual([...weights].sort((a, b) => b - a))
    expect(new Set(children.map((child) => tree.keyOf(child))).size).toBe(children.length)
  }
}

async function treeOf(source: SiteSource, measure: string, wish: { direction: TreeDirection; filter?: string }): Promise<StudiedTree> {
  return new SiteStudy(source).tree({ measure, unit: 'bytes', detail: 'function', filter: '', event: null, againstEvent: null, ...wish }, quietJob)
}

describe('trees of a trace', () => {
  test('the root of each measure is the total the trace states', async () => {
    await fc.assert(fc.asyncProperty(shape, direction, async (wanted, way) => {
      const trace = randomTrace(wanted)
      const summary = summariseTrace(trace)
      const expected: Record<string, [number, number]> = {
        live: [summary.endLiveBytes, summary.endLiveBlocks],
        peak: [summary.peakLiveBytes, summary.peakLiveBlocks],
        allocated: [summary.requestedBytesTotal, summary.events.alloc + summary.events.realloc],
      }
      for (const [measure, totals] of Object.entries(expected)) {
        const { tree } = await treeOf(sourceOf(trace), measure, { direction: way })
        expect([tree.total(SiteColumn.Bytes, ROOT), tree.total(SiteColumn.Count, ROOT)]).toEqual(totals)
        expectSound(tree, 2)
      }
      const { tree } = await treeOf(sourceOf(trace), 'temporary', { direction: way })
      expect(tree.total(SiteColumn.Count, ROOT)).toBe(summary.temporaryAllocs)
    }), { numRuns: 40 })
  })

  test('live at every event is what the events up to there leave', () => {
    const trace = randomTrace({ seed: 3, frames: 10, stacks: 30, sites: 12, events: 200 })
    const source = sourceOf(trace)
    const sizes = new Map<number, number>()
    for (let event = 0; event <= trace.events; event++) {
      const { bytes, count } = valuesOf(source, 'live', event)
      expect(bytes.reduce((sum, value) => sum + value, 0)).toBe([...sizes.values()].reduce((sum, value) => sum + value, 0))
      expect(count.reduce((sum, value) => sum + value, 0)).toBe(sizes.size)
      if (event === trace.events) break
      if (trace.op.at(event) === 1) sizes.delete(trace.object.at(event))
      else sizes.set(trace.object.at(event), trace.size.at(event))
    }
    expect(() => valuesOf(source, 'live', 201)).toThrow(/outside the run/)
    expect(() => valuesOf(source, 'colour', null)).toThrow(/no measure "colour"/)
  })

  test('bottom-up and top-down agree: a callee holds all paths that end in it', async () => {
    const source = sourceOf(randomTrace({ seed: 9, frames: 12, stacks: 80, sites: 40, events: 400 }))
    const { tree: down, stacks } = await treeOf(source, 'allocated', { direction: 'top-down' })
    const { tree: up } = await treeOf(source, 'allocated', { direction: 'bottom-up' })
    const expected = new Map<number, number>()
    for (let node = 1; node < stacks.nodes; node++) {
      const key = stacks.key[node]!
      expected.set(key, (expected.get(key) ?? 0) + down.self(SiteColumn.Bytes, node))
    }
    const found = new Map([...up.children(ROOT)].map((node) => [up.keyOf(node), up.total(SiteColumn.Bytes, node)]))
    expect(found).toEqual(new Map([...expected].filter(([, value]) => value > 0)))
  })

  test('a filter keeps the paths that go through a matching frame, and a negated one the others', async () => {
    const source = sourceOf(randomTrace({ seed: 21, frames: 15, stacks: 100, sites: 50, events: 500 }))
    const total = async (text: string): Promise<number> => (await treeOf(source, 'allocated', { direction: 'top-down', filter: text })).tree.total(SiteColumn.Bytes, ROOT)
    const all = await total('')
    for (const text of ['module:module-2', '/function[1-3]$/', 'function4 module:module-4']) {
      const kept = await total(text)
      expect(kept).toBeGreaterThan(0)
      expect(kept).toBeLessThan(all)
      if (!text.includes(' ')) expect(kept + (await total(`-${text}`))).toBe(all)
    }
    expect(await total('nowhere')).toBe(0)
  })

  test('long work can be cancelled', async () => {
    await expect(mergeStacks([randomTrace({ seed: 1, frames: 3, stacks: 3, sites: 3, events: 3 }).sites], 'line', cancelledAfter(0))).rejects.toMatchObject({ code: 'cancelled' })
  })
})

describe('waste of a run', () => {
  test('adds up to committed less live bytes, and its parts to those of the split', async () => {
    for (const heap of ['first-fit', 'buddy', 'segregated', 'lfh']) {
      const trace = randomTrace({ seed: 5, frames: 20, stacks: 60, sites: 30, events: 900 })
      await expectWaste(await replayTrace(trace, resolveRequest(heap, undefined, {}), quietJob))
    }
  })
})

async function expectWaste(run: Run): Promise<void> {
  const cutter = new SnapshotCutter(run)
  const peakSteps = function* (): Steps<number> {
    return 400
  }
  const source = new RunSiteSource(run, () => ({ cut: (event) => cutter.cut(event), peakSteps }))
  for (const event of [1, 300, 900]) {
    const split = tilingSplit(cutter.cut(event))
    const sum = (measure: string): number => {
      const { bytes, heapBytes } = valuesOf(source, measure, event)
      return bytes.reduce((total, value) => total + value, heapBytes)
    }
    expect(sum('waste')).toBeCloseTo(split.committed - split.live, 5)
    expect(sum('live')).toBe(split.live)
    expect(sum('rounding')).toBe(split.header + split.rounding)
    expect(sum('pinned')).toBeLessThanOrEqual(split.pinnedFree + split.cachedFree + 1e-6)
    const stacks = await mergeStacks([source.sites], 'function', quietJob)
    const tree = buildSiteTree(stacks, [valuesOf(source, 'waste', event)], { unit: 'bytes', direction: 'bottom-up' })
    expect(tree.total(SiteColumn.Bytes, ROOT)).toBeCloseTo(split.committed - split.live, 5)
  }
  const summary = valuesOf(source, 'peak', null)
  expect(summary.bytes.reduce((total, value) => total + value, 0)).toBe(tilingSplit(cutter.cut(400)).live)
}

describe('differences', () => {
  test('both sides keep their totals; equal documents differ nowhere, wherever they were loaded', async () => {
    await fc.assert(fc.asyncProperty(shape, direction, fc.boolean(), async (wanted, way, isSame) => {
      const a = sourceOf(randomTrace(wanted))
      const other = randomTrace(isSame ? wanted : { ...wanted, seed: wanted.seed ^ 0x55, events: 50 })
      const frames = other.sites.calls!.tables.frames
      for (let row = 0; row < frames.length; row++) frames.address.set(row, frames.address.at(row) + 0x7000_0000)
      const b = sourceOf(other)
      const stacks = await mergeStacks([b.sites, a.sites], 'line', quietJob)
      const tree = buildSiteTree(stacks, [valuesOf(b, 'allocated', null), valuesOf(a, 'allocated', null)], { unit: 'bytes', direction: way })
      const total = (source: SiteSource): number => valuesOf(source, 'allocated', null).bytes.reduce((sum, value) => sum + value, 0)
      expect([tree.total(SiteColumn.Bytes, ROOT), tree.total(SiteColumn.BaseBytes, ROOT)]).toEqual([total(b), total(a)])
      expectSound(tree, 4)
      if (isSame) for (const node of allNodes(tree)) expect(tree.total(SiteColumn.Bytes, node)).toBe(tree.total(SiteColumn.BaseBytes, node))
      for (const node of allNodes(tree)) expect(tree.weightOf(node)).toBeGreaterThanOrEqual(Math.max(tree.total(SiteColumn.Bytes, node), tree.total(SiteColumn.BaseBytes, node)))
    }), { numRuns: 30 })
  })
})

describe('what is shown of a tree', () => {
  test('boxes lie within their callers without overlap, and nothing visible is missing', async () => {
    await fc.assert(fc.asyncProperty(shape, direction, fc.integer({ min: 1, max: 4000 }), async (wanted, way, leastWeight) => {
      const { tree } = await treeOf(sourceOf(randomTrace(wanted)), 'allocated', { direction: way })
      const flame = layoutFlame(tree, ROOT, { leastWeight, mostDepth: 500, mostBoxes: 100_000 })
      const { node, parent, from, to, depthStart } = flame
      expect(depthStart.at(-1)).toBe(node.length)
      for (let depth = 0; depth + 1 < depthStart.length; depth++) {
        for (let box = depthStart[depth]!; box < depthStart[depth + 1]!; box++) {
          expect(to[box]! - from[box]!).toBe(tree.weightOf(node[box]!))
          if (depth === 0) continue
          const caller = parent[box]!
          expect(caller).toBeGreaterThanOrEqual(depthStart[depth - 1]!)
          expect(caller).toBeLessThan(depthStart[depth]!)
          expect(from[box]).toBeGreaterThanOrEqual(from[caller]!)
          expect(to[box]).toBeLessThanOrEqual(to[caller]!)
          if (box > depthStart[depth]!) expect(from[box]).toBeGreaterThanOrEqual(to[box - 1]!)
        }
      }
      const wide = allNodes(tree).filter((one) => one === ROOT || tree.weightOf(one) >= leastWeight)
      expect(node.length).toBe(wide.length)
      expect(flame.isCut).toBe(wide.length < allNodes(tree).length)
    }), { numRuns: 30 })
  })

  test('paths lead back to their nodes, and rows show what is open', async () => {
    const { tree } = await treeOf(sourceOf(randomTrace({ seed: 77, frames: 10, stacks: 60, sites: 40, events: 300 })), 'allocated', { direction: 'bottom-up' })
    for (const node of allNodes(tree)) expect(nodeAt(tree, pathOf(tree, node))).toBe(node)
    expect(nodeAt(tree, [999])).toBe(-1)
    expect([...listRows(tree, ROOT, []).node]).toEqual([...tree.children(ROOT)])
    const [first, second] = tree.children(ROOT)
    const rows = listRows(tree, ROOT, [pathOf(tree, first!), [999, 1]])
    expect([...rows.node]).toEqual([first, ...tree.children(first!), second, ...[...tree.children(ROOT)].slice(2)])
    expect([...rows.depth.slice(0, 2)]).toEqual(tree.children(first!).length > 0 ? [0, 1] : [0, 0])
  })
})
