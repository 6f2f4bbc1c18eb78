import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

/* A sweep of a million events in worker processes: as one process does it, and after being killed. */
const root = path.join(import.meta.dirname, '../../..')
const HEAPS = 'first-fit,next-fit,best-fit,worst-fit,buddy,tlsf,segregated,kath-nt31'

describe('sweep of a long trace in worker processes', () => {
  let folder: string
  const at = (name: string): string => path.join(folder, name)

  const start = (...args: string[]) => spawn(process.execPath, [path.join(root, 'scripts/heapscape.mjs'), ...args], { cwd: folder, stdio: 'ignore', detached: true })
  const run = async (...args: string[]): Promise<number> => ((await once(start(...args), 'exit')) as [number])[0]
  const sweep = (out: string, jobs: number): string[] => ['sweep', at('long.csv'), '--heaps', HEAPS, '--jobs', String(jobs), '--out', at(out)]

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'heapscape-sweep-long-'))
    writeFileSync(at('long.csv'), longTrace(1_000_000))
    expect(await run(...sweep('one', 1))).toBe(0)
  }, 600_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('gives the same file for 1 and 4 workers', async () => {
    expect(await run(...sweep('four', 4))).toBe(0)
    expect(readFileSync(at('four/sweep.json'), 'utf8')).toBe(readFileSync(at('one/sweep.json'), 'utf8'))
  })

  it('survives being killed and goes on', async () => {
    const child = start(...sweep('killed', 2))
    const exit = once(child, 'exit')
    while (readPoints('killed').length < 2) await new Promise((resolve) => setTimeout(resolve, 50))
    process.kill(-child.pid!, 'SIGKILL')
    await exit
    const finished = readPoints('killed').length
    expect(finished).toBeLessThan(8)
    expect(await run(...sweep('killed', 2))).toBe(0)
    expect(readFileSync(at('killed/sweep.json'), 'utf8')).toBe(readFileSync(at('one/sweep.json'), 'utf8'))
  })

  function readPoints(out: string): string[] {
    try {
      return readdirSync(path.join(at(out), 'points')).filter((name) => name.endsWith('.json'))
    } catch {
      return []
    }
  }
})

/** 2,000 blocks, replaced one after another in an order that repeats only after long. */
function longTrace(events: number): string {
  const live = 2000
  const lines = ['op,at,size']
  for (let i = 0; i < live; i++) lines.push(`alloc,${i},${16 + ((i * 7919) % 2000)}`)
  for (let i = 0; lines.length < events; i++) {
    const id = (i * 1237) % live
    lines.push(`free,${id},`, `alloc,${id},${16 + ((i * 104729) % 3000)}`)
  }
  return `${lines.join('\n')}\n`
}
