import { describe, expect, test } from 'vitest'
import { SimulatedProcess } from '../win32/simulated-process'
import { replayTrace } from '../replay/replay'
import { resolveRequest } from '../profiles'
import { quietJob } from '../../base/job-context'
import { complete } from './completion'
import type { StepResult } from './console-types'
import { CALLS_SHOWN, Interpreter } from './interpreter'
import { checkSyntax, parseLine, splitLines } from './parse'
import { traceOfHeap } from './script-trace'

class Script {
  readonly process = new SimulatedProcess()
  readonly interpreter = new Interpreter(this.process)
  #line = 0

  run(text: string): StepResult {
    this.#line++
    return this.interpreter.run(parseLine(text), this.#line)
  }

  all(script: string): StepResult[] {
    return splitLines(script).map((line) => this.run(line))
  }

  value(name: string): number {
    return Number(this.interpreter.valueOf(name)?.value)
  }
}

describe('console scripts', () => {
  test('make heaps and blocks as the calls of the article are written', () => {
    const script = new Script()
    const [movable, heap, block] = script.all(`g = GlobalAlloc(GMEM_MOVEABLE, 1)
h = HeapCreate(0, 0x2000, 0x100000)   # 1 MB
p = HeapAlloc(h, HEAP_ZERO_MEMORY, 100)`)
    expect(heap).toMatchObject({ line: 2, error: null, calls: [{ call: 'HeapCreate', arguments: [0, 0x2000, 0x100000], resultKind: 'heap', lastError: null, name: 'h' }] })
    expect(script.process.heaps().find((known) => known.handle === script.value('h'))).toMatchObject({ committedBytes: 0x2000, reservedBytes: 0x100000 })
    expect(block!.calls[0]).toMatchObject({ arguments: [script.value('h'), 8, 100], result: script.value('p') })
    expect(movable!.calls[0]!.resultText).toBe('0x000F0004')
    expect(script.run('HeapSize(h, 0, p)').calls[0]).toMatchObject({ result: 100, resultText: '100 bytes', name: null })
  })

  test('keep flags, hexadecimal numbers, indexed variables, loops and nested calls apart', () => {
    const script = new Script()
    script.run('for i in 0..3: q[i] = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY | HEAP_NO_SERIALIZE, 0x10 * (i + 1)); s = HeapSize(GetProcessHeap(), 0, q[i])')
    expect(script.value('s')).toBe(64)
    expect(new Set([0, 1, 2, 3].map((i) => script.value(`q[${i}]`))).size).toBe(4)
    expect(script.interpreter.variables(0, 2).map((variable) => variable.name)).toEqual(['i', 'q[0]'])
  })

  test('list the first and the last calls of a long line and count all', () => {
    const result = new Script().run('for i in 1..1000: malloc(i)')
    expect(result.callCount).toBe(1000)
    expect(result.calls).toHaveLength(CALLS_SHOWN)
    expect([result.calls[0], result.calls.at(-1)]).toMatchObject([{ arguments: [1] }, { arguments: [1000] }])
  })

  test.each([
    ['p = HeapAloc(1, 0, 5)', 'unknown-call', 5, 127, 'Did you mean HeapAlloc?'],
    ['p = HeapAlloc(h, 0)', 'wrong-count', 5, 87, 'takes 3 arguments, got 2'],
    ['p = HeapAlloc(h, "zero", 5)', 'wrong-type', 18, 87, 'flags of HeapAlloc is flags, got a text'],
    ['p = HeapAlloc(h, GMEM_MOVEABLE, 5)', 'wrong-flag', 18, 87, 'GMEM_MOVEABLE is no flag'],
    ['p = HeapAlloc(x, 0, 5)', 'unknown-name', 15, null, 'no variable or constant "x"'],
    ['p = HeapAlloc(h, 0, 5', 'syntax', 22, null, 'Expected ), got the end of the line'],
    ['NULL = 5', 'wrong-type', 1, null, 'NULL is a constant'],
    ['a = 5 / 0', 'wrong-type', 5, null, 'divided by 0'],
    ['h.nothing', 'unknown-measure', 1, null, 'no measure'],
    ['p = 12abc', 'syntax', 7, null, '"12abc" is no number'],
    ['p = malloc("hello"', 'syntax', 19, null, 'Expected )'],
    ['for i in 0..200000: GetLastError()', 'too-many-calls', 21, null, 'at most'],
  ])('say what is wrong with %s, where, and leave the process intact', (text, code, column, win32, words) => {
    const script = new Script()
    script.run('h = GetProcessHeap()')
    const heapsBefore = script.process.heaps()
    const { error } = script.run(text)
    expect(error).toMatchObject({ code, line: 2, column })
    expect(error!.text).toContain(words)
    if (win32 !== null) expect(error!.lastError?.code).toBe(win32)
    expect(script.process.heaps()).toEqual(heapsBefore)
    expect(script.run('HeapValidate(h, 0, NULL)').calls[0]).toMatchObject({ result: 1 })
  })

  test('give the failures of Windows as results: freed pointers, double frees, foreign heaps', () => {
    const script = new Script()
    script.all(`h = HeapCreate(0, 0, 0)
k = HeapCreate(0, 0, 0)
p = HeapAlloc(h, 0, 10)
HeapFree(h, 0, p)`)
    for (const text of ['HeapFree(h, 0, p)', 'HeapSize(h, 0, p)', 'q = HeapReAlloc(h, 0, p, 20)', 'HeapFree(k, 0, p)', 'HeapAlloc(0x1234, 0, 5)', 'GlobalLock(0x1234)']) {
      const step = script.run(text)
      expect(step.error, text).toBeNull()
      expect(step.failedCalls, text).toBe(1)
      expect(step.calls[0]!.lastError?.name, text).toMatch(/^ERROR_/)
    }
    expect(script.run('HeapValidate(h, 0, NULL)').calls[0]!.result).toBe(1)
  })

  test('end a line at a raised exception, and go on with the next', () => {
    const script = new Script()
    script.run('h = HeapCreate(HEAP_GENERATE_EXCEPTIONS, 0, 0x10000)')
    const step = script.run('p = HeapAlloc(h, 0, 0x20000); q = malloc(1)')
    expect(step.calls).toMatchObject([{ exception: { name: 'STATUS_NO_MEMORY' }, lastError: null }])
    expect([script.interpreter.valueOf('p'), script.interpreter.valueOf('q')]).toEqual([undefined, undefined])
    expect(script.run('q = malloc(1)').failedCalls).toBe(0)
  })

  test('assert measures of the process, of heaps and of movable blocks', () => {
    const script = new Script()
    const steps = script.all(`h = HeapCreate(0, 0x1000, 0)
p = HeapAlloc(h, 0, 100)
assert h.blocks = 1; assert h.requested = 100; assert h.blocks > 1
g = GlobalAlloc(GMEM_MOVEABLE, 5)
q = GlobalLock(g)
assert g.locks = 1; assert g.address = q; assert handles.live = 1`)
    expect(steps[2]!.asserts.map((assert) => assert.ok)).toEqual([true, true, false])
    expect(steps[2]!.asserts[2]).toMatchObject({ line: 3, text: 'assert h.blocks > 1', expected: '> 1', got: '1' })
    expect(steps[5]!.asserts.map((assert) => assert.ok)).toEqual([true, true, true])
  })

  test('find mistakes of a whole script without carrying it out', () => {
    expect(checkSyntax('p = malloc(1)\nq = (\n# nothing\nassert 1')).toMatchObject([{ line: 2, code: 'syntax' }, { line: 4, code: 'syntax' }])
  })

  test('read deeply nested values without exhausting the stack', () => {
    expect(parseLine(`${'('.repeat(100_000)}1`).mistake?.message).toContain('nested deeper')
  })
})

describe('completion', () => {
  const variables = [{ name: 'heap', kind: 'heap', value: 0x10000, text: '0x00010000' }] as const

  test('offers calls by their beginning and says which argument the caret is in', () => {
    expect(complete('p = HeapAl', 10, variables).items.map((item) => item.text)).toEqual(['HeapAlloc'])
    const inside = complete('p = HeapAlloc(heap, HEAP_Z', 26, variables)
    expect(inside.items).toEqual([{ text: 'HEAP_ZERO_MEMORY', kind: 'flag', detail: '0x8' }])
    expect(inside).toMatchObject({ from: 20, to: 26, help: { call: 'HeapAlloc', active: 1, parameters: [{ name: 'heap' }, { name: 'flags', type: 'flags' }, { name: 'size' }] } })
  })

  test('knows the innermost open call, and texts that are not closed yet', () => {
    expect(complete('p = HeapAlloc(GetProcessHeap(), 0, malloc(', 42, variables).help).toMatchObject({ call: 'malloc', active: 0 })
    expect(complete('WriteMemory(p, "AB', 18, variables).help).toMatchObject({ call: 'WriteMemory', active: 1 })
    expect(complete('', 0, variables).help).toBeNull()
  })
})

describe('a script as a trace', () => {
  const SCRIPT = `h = HeapCreate(0, 0x1000, 0)
p = HeapAlloc(h, 0, 100)
q = HeapAlloc(h, 0, 50)
p = HeapReAlloc(h, 0, p, 300)
HeapFree(h, 0, q)
HeapFree(h, 0, q)
m = malloc(7)
g = GlobalAlloc(GMEM_MOVEABLE, 9)
g = GlobalReAlloc(g, 90, GMEM_MOVEABLE)
free(m)`

  test('holds the calls on one heap, failed frees left out', () => {
    const script = new Script()
    script.all(SCRIPT)
    const own = traceOfHeap(script.process, script.value('h'), 'console')
    expect([...own.op.slice()]).toEqual([0, 0, 2, 1])
    expect([...own.size.slice()]).toEqual([100, 50, 300, 0])
    expect([...own.object.slice()]).toEqual([0, 1, 0, 1])
    const common = traceOfHeap(script.process, script.process.getProcessHeap(), 'console')
    expect([...common.op.slice()]).toEqual([0, 0, 2, 1])
    expect([...common.size.slice()]).toEqual([7, 9, 90, 0])
  })

  test('replays in the heap of the article to the same live bytes', async () => {
    const script = new Script()
    script.all(SCRIPT)
    const run = await replayTrace(traceOfHeap(script.process, script.value('h'), 'console'), resolveRequest('kath-nt31', undefined, {}), quietJob)
    expect(run.failures.length).toBe(0)
    expect(script.process.heaps().find((heap) => heap.handle === script.value('h'))!.requestedBytes).toBe(300)
  })

  test('refuses a heap without a request', () => {
    const script = new Script()
    script.run('h = HeapCreate(0, 0, 0)')
    expect(() => traceOfHeap(script.process, script.value('h'), 'console')).toThrow(/no allocation/)
  })
})
