import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { runCommandLine } from '../command-line'

const folder = mkdtempSync(path.join(tmpdir(), 'heapscape-convert-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const file = (name: string): string => path.join(folder, name)

async function run(...args: string[]): Promise<{ code: number; text: string; errors: string[] }> {
  const text: string[] = []
  const errors: string[] = []
  const code = await runCommandLine(args, { result: (line) => text.push(line), failure: (failure) => errors.push(failure.text) })
  return { code, text: text.join('\n'), errors }
}

test('a run becomes a dump whose heap our own walker opens', async () => {
  await run('simulate', 'workload:G1', '--heap', 'first-fit', '--save', file('run.heapscape'))
  expect(await run('convert', file('run.heapscape'), file('run.dmp'), '--layout', 'win81', '--bits', '32', '--event', '500')).toMatchObject({ code: 0, errors: [] })
  const { heaps } = JSON.parse((await run('info', file('run.dmp'), '--json')).text) as { heaps: { layout: string; bits: number; confidence: string; userBlocks: number }[] }
  expect(heaps).toMatchObject([{ layout: 'win81', bits: 32, confidence: 'verified' }])
  expect(heaps[0]!.userBlocks).toBeGreaterThan(50)
})

test('what does not fit a dump is said', async () => {
  await run('convert', 'workload:G1', file('trace.heapscape'))
  expect(await run('convert', file('trace.heapscape'), file('trace.dmp'))).toMatchObject({ code: 2, errors: [expect.stringContaining('a run or a snapshot')] })
  expect(await run('convert', file('trace.heapscape'), file('x.dmp'), '--bits', '32', '--layout', 'win11_24H2')).toMatchObject({ code: 2, errors: [expect.stringContaining('win10_2004')] })
  expect(await run('convert', file('trace.heapscape'), file('x.heapscape'), '--layout', 'win7')).toMatchObject({ code: 2, errors: [expect.stringContaining('--layout is for .dmp')] })
})
