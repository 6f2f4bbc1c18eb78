import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { runCommandLine } from '../command-line'

const folder = mkdtempSync(path.join(tmpdir(), 'heapscape-dumps-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const file = (name: string): string => path.join(folder, name)

async function run(...args: string[]): Promise<{ code: number; text: string; errors: string[] }> {
  const text: string[] = []
  const errors: string[] = []
  const code = await runCommandLine(args, { result: (line) => text.push(line), failure: (failure) => errors.push(failure.text) })
  return { code, text: text.join('\n'), errors }
}

test('two dumps of one process are compared block by block, with their bytes', async () => {
  await run('simulate', 'workload:G1', '--heap', 'first-fit', '--save', file('run.heapscape'))
  for (const event of ['300', '320']) await run('convert', file('run.heapscape'), file(`${event}.dmp`), '--event', event)
  const same = await run('compare', file('300.dmp'), file('300.dmp'), '--json')
  expect(same).toMatchObject({ code: 0, errors: [] })
  const { changes, contentCompared, heaps, pages } = JSON.parse(same.text) as { changes: Record<string, number>; contentCompared: number; heaps: { blocksA: number; presence: string }[]; pages: unknown[] }
  expect(changes).toEqual({ kept: contentCompared, changed: 0, reused: 0, vanished: 0, appeared: 0 })
  expect(heaps).toMatchObject([{ presence: 'both', blocksA: contentCompared }])
  expect(contentCompared).toBeGreaterThan(20)
  expect(pages).toEqual([])
  const later = await run('compare', file('300.dmp'), file('320.dmp'))
  expect(later).toMatchObject({ code: 0, errors: [] })
  expect(later.text).toMatch(/\d+ appeared; the bytes of \d+ blocks were compared/)
})
