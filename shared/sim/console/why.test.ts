import { expect, test } from 'vitest'
import { windowsVersions } from '../profiles/windows-versions'
import { SimulatedProcess } from '../win32/simulated-process'
import type { StepResult } from './console-types'
import { Interpreter } from './interpreter'
import { parseLine, splitLines } from './parse'

const answers = (steps: readonly StepResult[]): string[] => steps.flatMap((step) => step.answers.map(({ text }) => text))

function run(version: string | undefined, script: string): StepResult[] {
  const interpreter = new Interpreter(new SimulatedProcess(version === undefined ? {} : { version }))
  return splitLines(script).map((line, index) => interpreter.run(parseLine(line), index + 1))
}

test('the 1993 heap says why a block lies where it does and why it took pages', () => {
  const told = run(undefined, `h = HeapCreate(0, 0x1000, 0)
p = HeapAlloc(h, 0, 100); q = HeapAlloc(h, 0, 100); why p
HeapFree(h, 0, p); r = HeapAlloc(h, 0, 100); why r; why q
b = HeapAlloc(h, 0, 6000); why grew h
why p + 4; why 0; why grew 5; why grew`)
  expect(told.map(({ error }) => error)).toEqual([null, null, null, null, null])
  expect(answers(told)).toEqual([
    expect.stringMatching(/^Split from a free block of [\d,]+ bytes; [\d,]+ bytes stayed free behind it\.$/),
    'A free block of exactly 128 bytes was there.',
    expect.stringMatching(/^Split from a free block/),
    expect.stringMatching(/^Change 2 of its memory, by call 6: No free block had [\d,]+ bytes: the heap grew by [\d,]+ bytes\.$/),
    expect.stringContaining('No block of a heap has its data there'),
    expect.stringContaining('No block of a heap has its data there'),
    'No heap has this handle.',
    expect.stringMatching(/^Change 1 of its memory, when the process was made: The heap started with/),
  ])
  expect(told[1]!.answers[0]!.question).toMatch(/^why 0x[\dA-F]+$/)
})

test('NT heaps name the bucket, Segment Heaps the slot; a heap of fixed size is an NT heap in both', () => {
  const script = `for i in 1..30: p = HeapAlloc(GetProcessHeap(), 0, 40)
why p
f = HeapCreate(0, 0, 0x20000); x = HeapAlloc(f, 0, 40); why x; why grew f`
  const segment = windowsVersions.find(({ heap }) => heap === 'segment-heap')!.id
  const nt = windowsVersions.find(({ heap }) => heap === 'nt-lfh')!.id
  for (const [version, expected] of [[nt, /^Low-fragmentation heap: bucket \d+, sub-segment \d+\.$/], [segment, /^The bucket of 48 bytes is active: slot \d+/]] as const) {
    const [slot, fixed, grew] = answers(run(version, script))
    expect(slot).toMatch(expected)
    expect(fixed).toMatch(/^Split from the smallest free block that sufficed/)
    expect(grew).toMatch(/^Change 1 of its memory, by call 61: The heap started with/)
  }
})

test('a resized block says so, and what is undone and done again says the same', () => {
  const process = new SimulatedProcess()
  const heap = process.getProcessHeap()
  const block = process.heapAlloc(heap, 0, 100)
  const before = process.why(block)
  const resized = process.heapReAlloc(heap, 0, block, 20)
  expect(process.why(resized)).toMatchObject({ reason: 'resized' })
  const end = process.checkpoint()
  process.restore(end - 1)
  expect(process.why(block)).toEqual(before)
})

test.each([['why', 'a value'], ['why grew h h', 'the end'], ['why = 5', 'a value'], ['p = why 3', 'cannot be used as a name']])('%s is a mistake', (line, expected) => {
  expect(parseLine(line).mistake?.message).toContain(expected)
})
