import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCommandLine } from '../command-line'
import { failureLine } from '../output'

const folder = mkdtempSync(path.join(tmpdir(), 'heapscape-lifetimes-'))
const saved = path.join(folder, 'run.heapscape')
beforeAll(async () => void (await command('simulate', 'workload:G4', '--heap', 'first-fit', '--save', saved)))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function command(...args: string[]): Promise<{ code: number; text: string; errors: string }> {
  const results: string[] = []
  const errors: string[] = []
  const code = await runCommandLine(args, { result: (text) => results.push(text), warning: (text) => errors.push(text), failure: (failure) => errors.push(failureLine(failure)) })
  return { code, text: results.join('\n'), errors: errors.join('\n') }
}

interface Totals {
  readonly filter: string
  readonly lifetimes: number
  readonly consumedBytes: number
  readonly neverFreed: number
  readonly first: { readonly birth: number } | null
}
const totals = async (...args: string[]): Promise<Totals> => JSON.parse((await command('lifetimes', saved, ...args, '--json')).text) as Totals

test('at one event they are the blocks of that moment, dead ones come in with the events around it', async () => {
  const event = 5000
  const now = await totals('--during', `${event}..${event}`)
  const blocks = JSON.parse((await command('blocks', saved, '--event', String(event), '--filter', 'birth is known', '--columns', 'address,size', '--json')).text) as { size: number }[]
  expect([now.lifetimes, now.consumedBytes]).toEqual([blocks.length, blocks.reduce((sum, { size }) => sum + size, 0)])
  const around = await totals('--during', `${event - 500}..${event + 500}`)
  expect(around.lifetimes).toBeGreaterThan(now.lifetimes)
  const whole = await totals()
  expect(whole.lifetimes).toBeGreaterThan(around.lifetimes)
  expect((await totals('--filter', 'death = never')).lifetimes).toBe(whole.neverFreed)
})

test('a rectangle is a filter, and goes with another one', async () => {
  const part = await totals('--addresses', '0x10000..0x20000', '--during', '100..200', '--filter', 'size > 64')
  expect(part.filter).toBe('size > 64 and end > 0x10000 and address < 0x20000 and birth <= 200 and death > 100')
  expect(part.lifetimes).toBe((await totals('--filter', part.filter)).lifetimes)
  expect((await totals('--filter', 'size > 1000000000')).first).toBeNull()
  expect((await command('lifetimes', saved)).text).toMatch(/^lifetimes +\d+\nblocks +\d+\nconsumed bytes +\d+\n[^]*first born +event \d+ at 0x[\da-f]+\n/)
})

test('what it cannot do is told', async () => {
  expect(await command('lifetimes', saved, '--addresses', '5')).toMatchObject({ code: 2, errors: expect.stringContaining('--addresses expects two numbers') as string })
  expect(await command('lifetimes', saved, '--filter', 'age > 5')).toMatchObject({ code: 2, errors: expect.stringContaining('known of a moment only') as string })
})
