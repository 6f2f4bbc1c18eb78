import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { runCommandLine } from '../command-line'
import { failureLine } from '../output'

const run = (...args: string[]): ReturnType<typeof command> => command('explain', ...args)

async function command(...args: string[]): Promise<{ code: number; lines: string[]; errors: string[] }> {
  const results: string[] = []
  const errors: string[] = []
  const code = await runCommandLine(args, { result: (text) => results.push(text), warning: (text) => errors.push(text), failure: (failure) => errors.push(failureLine(failure)) })
  return { code, lines: results.join('\n').split('\n'), errors }
}

test('every placement with its reason, as CSV and as JSON', async () => {
  const { code, lines } = await run('workload:G4', '--heap', 'first-fit', '--csv')
  expect(code).toBe(0)
  expect(lines[0]).toBe('event,address,size,requested,reason,text')
  expect(lines).toHaveLength(1 + 11_000)
  expect(lines[1]).toMatch(/^1,0x10010,\d+,\d+,split,"?Split from a free block of 4,096 bytes; .*"?$/)
  const json = JSON.parse((await run('workload:G4', '--heap', 'first-fit', '--json')).lines.join('\n')) as { event: number; reason: string }[]
  expect(json).toHaveLength(11_000)
  expect(json[0]).toMatchObject({ event: 1, address: 0x10010, reason: 'split' })
})

test('changes of memory, and one event', async () => {
  const growth = await run('workload:G4', '--heap', 'ptmalloc-like', '--growth')
  expect(growth.lines[0]).toBe('1  The first request: the heap starts with 135,168 bytes.')
  const one = await run('workload:G4', '--heap', 'slab', '--event', '1')
  expect(one.lines).toEqual([expect.stringMatching(/^1 {2}0x10000 {2}The cache of 1,024 bytes had neither a partial nor an empty slab: first object of a new one with room for 8\.$/)])
})

test('why as a column of the blocks: of a saved run with its trace, or of a workload without', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'heapscape-why-'))
  try {
    const saved = path.join(folder, 'run.heapscape')
    const alike = path.join(folder, 'alike.rep')
    writeFileSync(alike, `20000\n41\n41\n1\n${Array.from({ length: 41 }, (_, i) => `a ${i} 40\n`).join('')}`)
    await command('simulate', alike, '--heap', 'nt-lfh', '--save', saved)
    const { lines } = await command('blocks', saved, '--trace', alike, '--filter', 'state = busy', '--columns', 'address,why', '--csv')
    const explained = JSON.parse((await run(alike, '--heap', 'nt-lfh', '--json')).lines.join('\n')) as { address: number; reason: string }[]
    expect(lines.slice(1)).toEqual(explained.sort((a, b) => a.address - b.address).map(({ address, reason }) => `0x${address.toString(16)},${reason}`))
    const groups = await command('blocks', saved, '--trace', alike, '--group-by', 'why', '--filter', 'why = lfh-slot', '--csv')
    expect(groups.lines.map((line) => line.split(',').slice(0, 2))).toEqual([['why', 'blocks'], ['lfh-slot', String(lines.filter((line) => line.endsWith(',lfh-slot')).length)]])
    await command('simulate', 'workload:G4', '--heap', 'slab', '--save', saved)
    expect((await command('blocks', saved, '--event', '1', '--group-by', 'why', '--filter', 'state = busy', '--csv')).lines[1]).toMatch(/^fresh,1,/)

    const trace = path.join(folder, 'small.rep')
    writeFileSync(trace, '20000\n2\n4\n1\na 0 100\na 1 50\nf 0\nf 1\n')
    await command('simulate', trace, '--heap', 'slab', '--save', saved)
    const without = await command('blocks', saved, '--event', '1', '--columns', 'why', '--filter', 'why is known', '--csv')
    expect([without.lines, without.errors]).toEqual([['why'], [expect.stringContaining('--trace (small.rep)')]])
    expect((await command('blocks', saved, '--event', '1', '--columns', 'why', '--filter', 'why is known', '--trace', trace, '--csv')).lines).toEqual(['why', 'fresh'])
    expect((await command('blocks', saved, '--group-by', 'why', '--trace', 'workload:G1')).errors[0]).toContain('reasons-unavailable')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('what it cannot carry out', async () => {
  expect((await run('workload:G4')).errors[0]).toContain('--heap')
  expect((await run('workload:G4', '--heap', 'slab', '--event', 'x')).errors[0]).toContain('number of an event')
  expect((await run('workload:G4', '--heap', 'slab', '--csv', '--json')).errors[0]).toContain('exclude')
  expect((await run('workload:G4', '--heap', 'buddy')).errors[0]).toContain('tells no reasons')
})
