import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HeapscapeError } from '../../base/errors'
import { SimulatedProcess } from '../win32/simulated-process'
import type { ProcessOptions } from '../win32/process-types'
import { workloads } from '../workload'
import type { Viewer } from './viewer'
import { Workspace } from './workspace'
import { Change, type WalkRow, type WorkspaceDocument } from './workspace-types'

const make = (options: ProcessOptions = {}): Workspace => new Workspace((version) => new SimulatedProcess(version === undefined ? options : { ...options, version }))
const openConsole = (workspace: Workspace, title = 'one'): WorkspaceDocument =>
  workspace.open({ kind: 'console', title, initialBytes: 0x2000, maximumBytes: 0 })
const enter = (workspace: Workspace, document: WorkspaceDocument, text: string): void => {
  const { lines } = workspace.enter(document.id, text, true)
  for (const { result } of lines) expect(result?.error).toBeNull()
}

/** Bytes of a heap's segments. */
function bytesOf(workspace: Workspace, handle: number): string {
  const heap = workspace.process.heaps().find((known) => known.handle === handle)!
  return heap.segments.map(({ base, committedBytes }) => [...workspace.process.read(base, committedBytes)].join()).join('|')
}

describe('a heap for every document', () => {
  test('comes with HeapCreate when the document opens, and goes with HeapDestroy when it closes, whatever lives in it', () => {
    const workspace = make()
    const documents = ['a', 'b', 'c'].map((title) => openConsole(workspace, title))
    expect(new Set(documents.map((document) => document.heap)).size).toBe(3)
    expect(workspace.state().heaps).toHaveLength(4)
    for (const document of documents) enter(workspace, document, 'for i in 1..50: p[i] = HeapAlloc(heap, 0, 10 * i)')
    const others = documents.slice(1).map((document) => bytesOf(workspace, document.heap))
    expect(workspace.close(documents[0]!.id)).toEqual({ destroyed: true, liveBlocks: 50, liveBytes: 12750 })
    expect(workspace.state().heaps.map((heap) => heap.handle)).not.toContain(documents[0]!.heap)
    expect(documents.slice(1).map((document) => bytesOf(workspace, document.heap))).toEqual(others)
  })

  test('may be fixed, and its script sees it as `heap`', () => {
    const workspace = make()
    const fixed = workspace.open({ kind: 'console', title: 'fixed', initialBytes: 0x1000, maximumBytes: 0x10000 })
    const { lines } = workspace.enter(fixed.id, 'p = HeapAlloc(heap, 0, 0x8000)\nq = HeapAlloc(heap, 0, 0x10000)', true)
    expect(lines.map((line) => line.result!.failedCalls)).toEqual([0, 1])
  })

  test('has no heap when HeapCreate fails, and says so', () => {
    const workspace = make()
    expect(workspace.open({ kind: 'console', title: 'huge', initialBytes: 0x7fff0000, maximumBytes: 0x7fff0000 }).heap).toBe(0)
    expect(workspace.state().documents).toHaveLength(1)
  })

  test('carries out a trace for a Simulate document', () => {
    const workspace = make()
    const document = workspace.open({ kind: 'simulate', title: 'G6', initialBytes: 0x1000, maximumBytes: 0 })
    const trace = workloads.find((workload) => workload.id === 'G6')!.build()
    expect(workspace.replay(document.id, trace)).toEqual({ events: trace.events, failedRequests: 0 })
    expect(workspace.state().heaps.find((heap) => heap.handle === document.heap)).toMatchObject({ busyBlocks: 0, requestedBytes: 0, committedBytes: 2 * 0x100000 + 0x23000 })
  })
})

describe('undo and redo', () => {
  test('go to any of 500 steps and give the same bytes as carrying out that many', () => {
    const workspace = make()
    const document = openConsole(workspace)
    const lines = Array.from({ length: 500 }, (_, i) => (i % 3 === 2 ? `HeapFree(heap, 0, p[${i - 1}])` : `p[${i}] = HeapAlloc(heap, 0, ${(i * 37) % 300})`))
    enter(workspace, document, lines.join('\n'))
    const end = bytesOf(workspace, document.heap)
    for (const position of [499, 250, 3, 0, 77, 500]) {
      expect(workspace.goTo(document.id, position).position).toBe(position)
      const fresh = make()
      const other = openConsole(fresh)
      fresh.enter(other.id, lines.slice(0, position).join('\n'), true)
      expect(bytesOf(workspace, document.heap)).toBe(bytesOf(fresh, other.heap))
      expect(workspace.state().heaps).toEqual(fresh.state().heaps)
    }
    expect(bytesOf(workspace, document.heap)).toBe(end)
  })

  test('drop the undone lines when other ones are typed', () => {
    const workspace = make()
    const document = openConsole(workspace)
    enter(workspace, document, 'p = malloc(1)\nq = malloc(2)\nr = malloc(3)')
    workspace.goTo(document.id, 1)
    enter(workspace, document, 's = malloc(4)')
    expect(workspace.script(document.id)).toBe('p = malloc(1)\ns = malloc(4)')
    expect(workspace.goTo(document.id, 99)).toMatchObject({ position: 2, lineCount: 2 })
    expect(workspace.console(document.id, 0, 10).variables.map((variable) => variable.name)).toEqual(['heap', 'p', 's'])
  })

  test('step through lines that wait', () => {
    const workspace = make()
    const document = openConsole(workspace)
    workspace.enter(document.id, 'p = malloc(1)\nq = malloc(2)', false)
    expect(workspace.console(document.id, 0, 10)).toMatchObject({ position: 0, lines: [{ result: null }, { result: null }] })
    expect(workspace.goTo(document.id, 1)).toMatchObject({ position: 1, lines: [{ result: { callCount: 1 } }, { result: null }] })
  })

  test('leave the heaps of others byte for byte, and name who used what is shared', () => {
    const workspace = make()
    const [a, b] = [openConsole(workspace, 'a'), openConsole(workspace, 'b')]
    enter(workspace, a, 'p = HeapAlloc(heap, 0, 10)')
    enter(workspace, b, 'q = HeapAlloc(heap, 0, 20)')
    enter(workspace, a, 'r = HeapAlloc(heap, 0, 30)')
    enter(workspace, b, 's = HeapAlloc(heap, 0, 40)')
    const bytes = bytesOf(workspace, b.heap)
    expect(workspace.goTo(a.id, 0).disturbed).toEqual([])
    expect(bytesOf(workspace, b.heap)).toBe(bytes)
    expect(workspace.goTo(a.id, 2).disturbed).toEqual([])
    expect(bytesOf(workspace, b.heap)).toBe(bytes)
    enter(workspace, a, 'm = malloc(100)')
    enter(workspace, b, 'n = malloc(100)')
    expect(workspace.goTo(a.id, 2).disturbed).toEqual([b.id])
    expect(workspace.goTo(a.id, 3).disturbed).toEqual([b.id])
  })

  test('mean the same in any order of going back and forth', () => {
    const lines = ['p = HeapAlloc(heap, 0, 100)', 'g = GlobalAlloc(GMEM_MOVEABLE, 50)', 'h = HeapCreate(0, 0, 0)', 'HeapFree(heap, 0, p)', 'x = GlobalLock(g)', 'HeapDestroy(h)', 'q = malloc(9)']
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: lines.length }), { minLength: 1, maxLength: 8 }), (positions) => {
        const workspace = make()
        const document = openConsole(workspace)
        workspace.enter(document.id, lines.join('\n'), false)
        for (const position of positions) workspace.goTo(document.id, position)
        const fresh = make()
        const other = openConsole(fresh)
        fresh.enter(other.id, lines.slice(0, positions.at(-1)).join('\n'), true)
        // Nothing entered is one empty line, which does nothing.
        expect(workspace.state().heaps).toEqual(fresh.state().heaps)
        expect(workspace.state().handleTable).toEqual(fresh.state().handleTable)
      }),
      { numRuns: 30, seed: 5 },
    )
  })

  test('restart with other options carries out everything again', () => {
    const workspace = make()
    const document = openConsole(workspace)
    enter(workspace, document, 'p = HeapAlloc(heap, 0, 9)')
    const consumed = (): number => workspace.state().heaps.find((heap) => heap.handle === document.heap || heap.name.includes('one'))!.consumedBytes
    expect(consumed()).toBe(32)
    workspace.restart(() => new SimulatedProcess({ shape: { tailBytes: 8 } }))
    expect(consumed()).toBe(48)
    expect(() => workspace.restart(() => new SimulatedProcess({ lockMaximum: 1000 }))).toThrow(/lockMaximum/)
    expect(consumed()).toBe(48)
  })
})

const regionsOf = (rows: readonly WalkRow[]): (WalkRow & { kind: 'region' })[] => rows.filter((row): row is WalkRow & { kind: 'region' } => row.kind === 'region')
const valueOf = (workspace: Workspace, document: { readonly id: string }, name: string): unknown =>
  workspace.console(document.id, 0, 1).variables.find((variable) => variable.name === name)!.value

const allRows = (viewer: Viewer, expanded: number[] = [], onlyChanged = false): readonly WalkRow[] => viewer.rows({ expanded, onlyChanged }, 0, 1000).rows

describe('a process walker', () => {
  test('marks exactly 128 bytes in 8 lines of the handle table for the 17th handle', () => {
    const workspace = make()
    const document = openConsole(workspace)
    enter(workspace, document, 'for i in 1..16: g[i] = GlobalAlloc(GMEM_MOVEABLE, 1)')
    const { id } = workspace.openViewer()
    enter(workspace, document, 'g[17] = GlobalAlloc(GMEM_MOVEABLE, 1)')
    const viewer = workspace.refresh(id)
    const { base, reservedBytes } = workspace.process.handleTable
    const page = workspace.bytes(id, base, 4096)
    expect(page.changed.reduce((sum, mark) => sum + mark, 0)).toBe(128)
    expect(page.changed.slice(0x80, 0x100).every((mark) => mark === 1)).toBe(true)
    expect([...viewer.changedLines(base, base + reservedBytes, 100).lines]).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map((line) => base + 0x80 + 16 * line))
    const table = regionsOf(allRows(viewer)).find((row) => row.address === base)!
    expect(table).toMatchObject({ change: Change.Changed, changedBytes: 128 })
    expect(page.fields.length).toBeGreaterThan(0)
  })

  test('shows what it showed until it is refreshed, then marks what changed since', () => {
    const workspace = make()
    const document = openConsole(workspace)
    enter(workspace, document, 'p = HeapAlloc(heap, HEAP_ZERO_MEMORY, 64)')
    const { id } = workspace.openViewer()
    const address = Number(workspace.console(document.id, 0, 1).variables[1]!.value)
    enter(workspace, document, 'WriteMemory(p, "AB")\nWriteMemory(p + 40, hex"FF")')
    expect([...workspace.bytes(id, address, 2).bytes]).toEqual([0, 0])
    expect(workspace.bytes(id, address, 2).fields).toEqual([])
    const viewer = workspace.refresh(id)
    expect([...workspace.bytes(id, address, 3).bytes]).toEqual([0x41, 0x42, 0])
    expect([...workspace.bytes(id, address, 3).changed]).toEqual([1, 1, 0])
    expect(viewer.state()).toMatchObject({ changedBytes: 3, changedLines: 2, newRegions: 0, vanishedRegions: 0 })
    expect(viewer.nextChange(address, false)).toBe(address)
    expect(viewer.nextChange(address + 2, false)).toBe(address + 40)
    expect(viewer.nextChange(address + 41, false)).toBeNull()
    expect(viewer.nextChange(address + 40, true)).toBe(address + 1)
    expect(viewer.nextChange(address, true)).toBeNull()
    expect(workspace.refresh(id).state()).toMatchObject({ changedBytes: 0, changedLines: 0 })
  })

  test('marks new and vanished regions, and filters what did not change', () => {
    const workspace = make()
    const document = openConsole(workspace)
    enter(workspace, document, 'v = VirtualAlloc(NULL, 0x10000, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE)')
    const { id } = workspace.openViewer()
    enter(workspace, document, 'w = VirtualAlloc(NULL, 0x20000, MEM_RESERVE, PAGE_NOACCESS)\nVirtualFree(v, 0, MEM_RELEASE)')
    const viewer = workspace.refresh(id)
    expect(viewer.state()).toMatchObject({ newRegions: 1, vanishedRegions: 1 })
    const changed = regionsOf(allRows(viewer, [], true))
    expect(changed.map((row) => [row.bytes, row.change])).toEqual([[0x10000, Change.Vanished], [0x20000, Change.New]])
  })

  test('tiles the address space by its regions, with every heap found among them', () => {
    const workspace = make()
    const document = openConsole(workspace, 'sqlite')
    const viewer = workspace.openViewer()
    const regions = regionsOf(allRows(viewer))
    for (let i = 1; i < regions.length; i++) expect(regions[i]!.address).toBe(regions[i - 1]!.address + regions[i - 1]!.bytes)
    expect(regions.some((row) => row.address === document.heap && row.owner.includes("'sqlite'"))).toBe(true)
    expect(allRows(viewer).filter((row) => row.kind === 'heap')).toHaveLength(2)
    expect(regions.filter((row) => row.heap === document.heap).map((row) => row.owner)).toEqual(Array.from({ length: 2 }, () => "console 'sqlite' heap, segment 1"))
  })

  test('expands a heap to its entries, page by page, and finds rows by address', () => {
    const workspace = make()
    const document = openConsole(workspace)
    enter(workspace, document, 'for i in 1..300: p[i] = HeapAlloc(heap, 0, i)')
    const viewer = workspace.openViewer()
    const all = allRows(viewer, [document.heap])
    const blocks = all.filter((row) => row.kind === 'block' && row.entry === 'busy')
    expect(blocks).toHaveLength(300)
    const page = viewer.rows({ expanded: [document.heap], onlyChanged: false }, 10, 5)
    expect(page.rows).toEqual(all.slice(10, 15))
    expect(page.total).toBe(all.length)
    const block = blocks[123]!
    expect(viewer.rowOf({ expanded: [document.heap], onlyChanged: false }, block.address + 20)).toBe(all.indexOf(block))
  })

  test('follows handles and addresses to blocks, and searches bytes', () => {
    const workspace = make()
    const document = openConsole(workspace)
    enter(workspace, document, 'g = GlobalAlloc(GMEM_MOVEABLE, 20)\np = GlobalLock(g)\nWriteMemory(p + 3, "needle")')
    const viewer = workspace.openViewer()
    const value = (name: string): number => Number(workspace.console(document.id, 0, 1).variables.find((variable) => variable.name === name)!.value)
    expect(viewer.follow(value('g'))).toMatchObject({ entry: 'busy', data: value('p'), handle: value('g') })
    expect(viewer.follow(value('p') + 5)).toMatchObject({ data: value('p') })
    expect(viewer.follow(0x70000000)).toBeNull()
    const needle = Uint8Array.from('needle', (letter) => letter.charCodeAt(0))
    expect(viewer.search(needle, 0)).toBe(value('p') + 3)
    expect(viewer.search(needle, value('p') + 4)).toBeNull()
  })

  test('compares any two kept moments, in either direction, and goes back to the refreshes', () => {
    const workspace = make()
    const document = openConsole(workspace)
    enter(workspace, document, 'p = HeapAlloc(heap, HEAP_ZERO_MEMORY, 64)')
    const { id } = workspace.openViewer()
    const first = workspace.keepMoment(id).moments[0]!
    for (const line of ['WriteMemory(p, "A")', 'WriteMemory(p + 1, "B")', 'v = VirtualAlloc(NULL, 0x10000, MEM_RESERVE, PAGE_NOACCESS)']) {
      enter(workspace, document, line)
      workspace.refresh(id)
      workspace.keepMoment(id)
    }
    const [, second, third, last] = workspace.walkState(id).moments
    expect(workspace.compareMoments(id, last!.id, first.id)).toMatchObject({ shown: last!.id, against: first.id, changedBytes: 2, changedLines: 1, newRegions: 1, vanishedRegions: 0 })
    expect(workspace.compareMoments(id, first.id, last!.id)).toMatchObject({ changedBytes: 2, newRegions: 0, vanishedRegions: 1 })
    expect(workspace.compareMoments(id, third!.id, second!.id)).toMatchObject({ changedBytes: 1, newRegions: 0 })
    expect(workspace.compareMoments(id, first.id, null)).toMatchObject({ changedBytes: 0, newRegions: 0 })
    expect([...workspace.bytes(id, Number(valueOf(workspace, document, 'p')), 2).bytes]).toEqual([0, 0])
    expect(workspace.compareMoments(id, null, null)).toMatchObject({ shown: null, against: null, changedBytes: 0, newRegions: 1 })
  })

  test('a refresh shows the process again and goes on comparing with the chosen moment, until that is forgotten', () => {
    const workspace = make()
    const document = openConsole(workspace)
    enter(workspace, document, 'p = HeapAlloc(heap, HEAP_ZERO_MEMORY, 64)')
    const { id } = workspace.openViewer()
    const kept = workspace.keepMoment(id).moments[0]!.id
    workspace.compareMoments(id, kept, kept)
    for (const line of ['WriteMemory(p, "A")', 'WriteMemory(p + 1, "B")']) {
      enter(workspace, document, line)
      workspace.refresh(id)
    }
    expect(workspace.walkState(id)).toMatchObject({ shown: null, against: kept, changedBytes: 2 })
    expect(workspace.forgetMoment(id, kept)).toMatchObject({ moments: [], against: null, changedBytes: 1 })
    expect(() => workspace.compareMoments(id, kept, null)).toThrow(HeapscapeError)
  })

  test('marks after undo what undoing took back', () => {
    const workspace = make()
    const document = openConsole(workspace)
    enter(workspace, document, 'p = HeapAlloc(heap, HEAP_ZERO_MEMORY, 64)\nWriteMemory(p, "AB")')
    const { id } = workspace.openViewer()
    workspace.goTo(document.id, 1)
    expect(workspace.refresh(id).state()).toMatchObject({ changedBytes: 2, newRegions: 0, vanishedRegions: 0 })
  })
})
