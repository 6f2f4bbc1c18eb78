import { expect, test } from 'vitest'
import { runCommandLine } from '../command-line'
import { failureLine } from '../output'

async function run(...args: string[]): Promise<{ code: number; lines: string[]; errors: string[] }> {
  const results: string[] = []
  const errors: string[] = []
  const code = await runCommandLine(['explain', ...args], { result: (text) => results.push(text), failure: (failure) => errors.push(failureLine(failure)) })
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

test('what it cannot carry out', async () => {
  expect((await run('workload:G4')).errors[0]).toContain('--heap')
  expect((await run('workload:G4', '--heap', 'slab', '--event', 'x')).errors[0]).toContain('number of an event')
  expect((await run('workload:G4', '--heap', 'slab', '--csv', '--json')).errors[0]).toContain('exclude')
  expect((await run('workload:G4', '--heap', 'buddy')).errors[0]).toContain('tells no reasons')
})
