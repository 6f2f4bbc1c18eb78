import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type * as z from 'zod/mini'
import { SimulatedProcess } from '../../../shared/sim/win32/simulated-process'
import { Workspace } from '../../../shared/sim/workspace/workspace'
import { runCommand } from '../testing/run-command'
import { callSchema, countersSchema, handleTableSchema, heapSchema, regionSchema, scriptSchema, stepSchema } from '../testing/script-schema'

const WHOLE = `#! heapscape-script heap=0x2000,0
h = HeapCreate(0, 0x2000, 0x100000)
p = HeapAlloc(h, HEAP_ZERO_MEMORY, 100)
g = GlobalAlloc(GMEM_MOVEABLE, 1)
for i in 1..200: q[i] = HeapAlloc(heap, 0, i)
assert h.blocks = 1; assert heap.blocks = 200
HeapWalk(h, 1)`

/** A line, what Windows says of it, and what the call then returns. */
const FAILURES: readonly (readonly [line: string, error: string, result?: number])[] = [
  ['HeapFree(h, 0, p)', 'ERROR_INVALID_PARAMETER', 0],
  ['HeapReAlloc(h, 0, p, 10)', 'ERROR_INVALID_PARAMETER', 0],
  ['HeapSize(h, 0, p)', 'ERROR_INVALID_PARAMETER', 0xffffffff],
  ['HeapFree(heap, 0, k)', 'ERROR_INVALID_PARAMETER', 0],
  ['HeapFree(p, 0, k)', 'ERROR_INVALID_HANDLE', 0],
  ['HeapAlloc(0x12345678, 0, 1)', 'ERROR_INVALID_HANDLE', 0],
  ['HeapDestroy(0x12345678)', 'ERROR_INVALID_HANDLE', 0],
  ['GlobalLock(0x000F0FFC)', 'ERROR_INVALID_HANDLE', 0],
  ['HeapAlloc(h, HEAP_REALLOC_IN_PLACE_ONLY, 1)', 'ERROR_INVALID_PARAMETER', 0],
  ['HeapAlloc(h, 0, 0x200000)', 'ERROR_NOT_ENOUGH_MEMORY', 0],
]

/** A line that cannot be carried out, why, and what GetProcAddress or a refusing call would say. */
const MISTAKES: readonly (readonly [line: string, code: string, error: string | undefined])[] = [
  ['HeapAlocate(h, 0, 1)', 'unknown-call', 'ERROR_PROC_NOT_FOUND'],
  ['HeapAlloc("h", 0, 1)', 'wrong-type', 'ERROR_INVALID_PARAMETER'],
  ['HeapAlloc(h, 0)', 'wrong-count', 'ERROR_INVALID_PARAMETER'],
  ['HeapAlloc(h, MEM_COMMIT, 1)', 'wrong-flag', 'ERROR_INVALID_PARAMETER'],
  ['HeapAlloc(h, 0, nothing)', 'unknown-name', undefined],
  ['HeapAlloc(h, 0', 'syntax', undefined],
]
const PRELUDE = 'h = HeapCreate(0, 0, 0x100000)\np = HeapAlloc(h, 0, 50)\nk = HeapAlloc(h, 0, 60)\nHeapFree(h, 0, p)'

describe('script', () => {
  let folder: string
  const write = (text: string, name = 'case.heapscript'): string => {
    writeFileSync(path.join(folder, name), text)
    return path.join(folder, name)
  }
  const report = async (text: string): Promise<z.infer<typeof scriptSchema>> => scriptSchema.parse((await runCommand('script', write(text), '--json')).json())

  beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'heapscape-script-'))))
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('prints the result of every call, and heaps, regions and metrics at the end, with exactly the documented keys', async () => {
    const { code, json, errors } = await runCommand('script', write(WHOLE), '--json')
    expect([code, errors]).toEqual([0, []])
    const result = scriptSchema.parse(json())
    expect(result).toMatchObject({ file: 'case.heapscript', lines: 7, calls: 204, failedCalls: 0, checks: 2, failedChecks: 0, mistakes: 0 })
    expect(result.steps[4]!.calls.map((call) => call.arguments[2])).toEqual(Array.from({ length: 200 }, (_, i) => i + 1))
    expect(result.steps[6]!.calls[0]!.output).toMatch(/^busy at 0x[\dA-F]{8}: 100 bytes in 128$/)
    expect(result.heaps.map((heap) => [heap.name, heap.busyBlocks, heap.maximumBytes])).toEqual([['default heap', 1, 0], ["console 'case.heapscript' heap", 200, 0], ['heap 1', 1, 0x100000]])
    expect(result.handleTable).toMatchObject({ base: 0x270000, liveHandles: 1, initialisations: 1, reservedBytes: 0x80000, committedPages: 1 })
    expect(result.metrics['M1_liveBytes']).toBe(100 + 1 + 20100)
    expect(result.regions.reduce((sum, region) => sum + region.bytes, 0)).toBe(0x7fff0000 - 0x10000)
    expect(result.regions.find(({ owner }) => owner === 'handle table')).toMatchObject({ address: 0x270000, bytes: 4096, state: 'committed', protect: 'PAGE_READWRITE' })
  })

  it('gives what a console gives that opens the file', async () => {
    const workspace = new Workspace((version) => new SimulatedProcess(version === undefined ? {} : { version }))
    const { id } = workspace.open({ kind: 'console', title: 'case.heapscript', initialBytes: 0x2000, maximumBytes: 0 })
    workspace.enter(id, WHOLE, true)
    const { heaps, handleTable, counters } = workspace.state()
    expect(await report(WHOLE)).toMatchObject({ heaps, handleTable, counters, variables: workspace.console(id, 0, 1).variables })
  })

  it.each(FAILURES)('%s fails with %s and leaves the process intact', async (line, error, returned) => {
    const [before, after] = [await report(PRELUDE), await report(`${PRELUDE}\n${line}`)]
    expect(after.steps[4]!.calls[0]).toMatchObject({ lastError: { name: error }, result: returned, exception: null })
    expect(after).toMatchObject({ failedCalls: 1, mistakes: 0 })
    // Nothing but the count of blocks a search looked at.
    const unsearched = after.heaps.map((heap, index) => ({ ...heap, examinedBlocks: before.heaps[index]!.examinedBlocks }))
    expect([unsearched, after.regions, after.handleTable]).toEqual([before.heaps, before.regions, before.handleTable])
  })

  it.each(MISTAKES)('%s is refused as %s and leaves the process intact', async (line, mistake, error) => {
    const before = await report(PRELUDE)
    const { code, json, errors } = await runCommand('script', write(`${PRELUDE}\n${line}\nassert HeapValidate(h, 0) = TRUE`), '--json')
    expect(code).toBe(2)
    expect(errors).toEqual([expect.stringMatching(/^heapscape: format-malformed \(case\.heapscript, line 5\): /)])
    const after = scriptSchema.parse(json())
    expect(after.steps[4]!.error).toMatchObject({ code: mistake, line: 5, lastError: error === undefined ? null : { name: error } })
    expect(after).toMatchObject({ mistakes: 1, failedChecks: 0, heaps: before.heaps, regions: before.regions })
  })

  it('reports an exception a call raises, and goes on', async () => {
    const { steps, calls } = await report(`${PRELUDE}\nHeapAlloc(h, HEAP_GENERATE_EXCEPTIONS, 0x200000)\nWriteMemory(16, "x")\nmalloc(1)`)
    expect(steps.slice(4).map((step) => step.calls[0]!.exception?.name)).toEqual(['STATUS_NO_MEMORY', 'STATUS_ACCESS_VIOLATION', undefined])
    expect(calls).toBe(7)
  })

  it('exits with 1 when a check of the script fails, with 2 when the file cannot be read', async () => {
    const failed = await runCommand('script', write('p = malloc(1)\nassert p = NULL'))
    expect(failed.code).toBe(1)
    expect(failed.text).toContain('FAILED assert p = NULL')
    expect(await runCommand('script', path.join(folder, 'absent.heapscript'))).toMatchObject({ code: 2, errors: [expect.stringContaining('file-unreadable')] })
    expect(await runCommand('script', write('#! heapscape-script heap=two'))).toMatchObject({ code: 2, errors: [expect.stringContaining('format-malformed')] })
  })

  it('lists calls, heaps and regions as text', async () => {
    const { code, text } = await runCommand('script', write(WHOLE))
    expect(code).toBe(0)
    expect(text).toContain('3:    p = HeapAlloc(0x00410000, HEAP_ZERO_MEMORY, 100)  0x00410010')
    expect(text).toContain('204 calls, 0 failed; 2 checks, 0 failed; 0 mistakes')
    expect(text).toMatch(/0x00270000 +4096 +committed +PAGE_READWRITE +handle table/)
  })

  it('documents every key that JSON holds', () => {
    const page = readFileSync(path.join(import.meta.dirname, '../../../docs/cli.md'), 'utf8')
    for (const { shape } of [scriptSchema, stepSchema, callSchema, heapSchema, regionSchema, handleTableSchema, countersSchema]) {
      for (const key of Object.keys(shape)) expect(new RegExp(`\`[^\`]*\\b${key}\\b[^\`]*\``).test(page), key).toBe(true)
    }
  })
})
