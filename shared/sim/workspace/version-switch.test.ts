import { describe, expect, it } from 'vitest'
import { complete } from '../console/completion'
import { parseLine } from '../console/parse'
import { SimulatedProcess } from '../win32/simulated-process'
import { workloads } from '../workload'
import { Workspace } from './workspace'
import type { ConsoleState } from './workspace-types'

const make = (): Workspace => new Workspace((version) => new SimulatedProcess(version === undefined ? {} : { version }))
const open = (workspace: Workspace, title: string, maximumBytes = 0): string => workspace.open({ kind: 'console', title, initialBytes: 0x1000, maximumBytes }).id
const resultsOf = ({ lines }: ConsoleState): (string | null)[] => lines.map(({ result }) => result!.error?.text ?? result!.note)

describe('switching the version', () => {
  it('carries everything out again, and tells what now fails and what now succeeds', () => {
    const workspace = make()
    const one = open(workspace, 'one')
    workspace.enter(one, 'p = HeapAlloc(heap, 0, 40)\nHeapSetInformation(heap, HeapCompatibilityInformation, 2)\nassert heap.examined >= 0', true)
    const report = workspace.switchVersion('10-x64')
    expect(report).toMatchObject({ version: { id: '10-x64', bits: 64 }, lines: 3, otherResults: 2, differenceCount: 2 })
    expect(report.differences.map(({ document, line, outcome }) => [document, line, outcome])).toEqual([['one', 2, 'succeeds now'], ['one', 3, 'fails now']])
    expect(report.differences[0]!.reason).toContain('ERROR_CALL_NOT_IMPLEMENTED')
    expect(workspace.state().version.id).toBe('10-x64')
    expect(workspace.state().heaps[1]).toMatchObject({ flavour: 'nt-heap', busyBlocks: 1, requestedBytes: 40, frontEnd: 2 })
    expect(workspace.switchVersion('nt31').differences.map(({ outcome }) => outcome)).toEqual(['fails now', 'succeeds now'])
  })

  it('keeps the version through undo and redo', () => {
    const workspace = make()
    const one = open(workspace, 'one')
    workspace.enter(one, 'p = HeapAlloc(heap, 0, 40)\nq = HeapAlloc(heap, 0, 40)', true)
    workspace.switchVersion('7-x86')
    workspace.goTo(one, 0)
    workspace.goTo(one, 2)
    expect(workspace.state().heaps[1]).toMatchObject({ flavour: 'nt-heap', busyBlocks: 2 })
  })

  it('carries traces out again', () => {
    const workspace = make()
    const { id } = workspace.open({ kind: 'simulate', title: 'trace', initialBytes: 0x1000, maximumBytes: 0 })
    const { events } = workspace.replay(id, workloads[0]!.build())
    expect(events).toBeGreaterThan(0)
    expect(workspace.switchVersion('10-2004-x64-segment').differences).toEqual([])
    expect(workspace.state().heaps[1]!.flavour).toBe('segment-heap')
  })

  it('refuses an unknown version and leaves the process as it was', () => {
    const workspace = make()
    open(workspace, 'one')
    expect(() => workspace.switchVersion('95')).toThrow('one of nt31')
    expect(workspace.state().version.id).toBe('nt31')
    expect(workspace.state().heaps).toHaveLength(2)
  })
})

describe('a line `windows`', () => {
  it('makes the process anew, and undoing it brings the old one back', () => {
    const workspace = make()
    const one = open(workspace, 'one')
    const state = workspace.enter(one, 'p = HeapAlloc(heap, 0, 40)\nwindows 11-24h2-x64-segment  # opted in\nq = HeapAlloc(heap, 0, 40)', true)
    expect(resultsOf(state)).toEqual([null, 'Windows 11 24H2, 64 bits: Segment Heap', null])
    expect(state.switched).toMatchObject({ version: { id: '11-24h2-x64-segment' }, lines: 1 })
    expect(workspace.goTo(one, 1).switched).toBeNull()
    expect(workspace.state().version.id).toBe('nt31')
    expect(workspace.goTo(one, 3).switched?.version.id).toBe('11-24h2-x64-segment')
    expect(workspace.state().heaps[1]).toMatchObject({ flavour: 'segment-heap', busyBlocks: 2 })
  })

  it('gives way to a later choice in the window', () => {
    const workspace = make()
    const one = open(workspace, 'one')
    workspace.enter(one, 'windows 7-x64', true)
    workspace.switchVersion('xp-x86')
    expect(workspace.state().version.id).toBe('xp-x86')
    expect(resultsOf(workspace.console(one, 0, 1))[0]).toContain('a later choice holds')
  })

  it('names versions in mistakes and completion, and stays a name elsewhere', () => {
    expect(parseLine('windows 95').mistake).toMatchObject({ code: 'unknown-version', at: 8 })
    expect(parseLine('windows = 5').mistake).toBeNull()
    expect(complete('windows 8', 9, []).items.map(({ text }) => text)).toEqual(['8.1-x86', '8.1-x64'])
    expect(complete('wind', 4, []).items.map(({ text }) => text)).toEqual(['windows'])
  })
})
