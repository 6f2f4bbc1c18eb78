// Other programs as peers: found on PATH, run with their output thrown away, timed from start to end.
import { execFileSync, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import type { BenchBody, BenchMissing } from '../bench-contract'

export function isInstalled(program: string): boolean {
  return spawnSync('which', [program], { stdio: 'ignore' }).status === 0
}

/** Milliseconds from start to end. A failure of the program is a failure of the bench. */
export function timeProgram(program: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}): number {
  const start = performance.now()
  execFileSync(program, args, { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, ...environment } })
  return performance.now() - start
}

/** MB/s of `bytes` that a program takes to work through. */
export function programThroughput(program: string, args: readonly string[], bytes: number): BenchBody | BenchMissing {
  if (!isInstalled(program)) return { missing: `${program} is not installed` }
  return { measure: () => bytes / 1000 / timeProgram(program, args) }
}

/** Packs a file beside itself; undefined when zstd is not installed. */
export function packWithZstd(file: string): string | undefined {
  const packed = `${file}.zst`
  if (fs.existsSync(packed)) return packed
  if (!isInstalled('zstd')) return undefined
  execFileSync('zstd', ['-q', '-3', file, '-o', packed], { stdio: 'ignore' })
  return packed
}
