// The replay in C: compiled on the spot, because no two machines have the same allocators.
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import type { BenchBody, BenchMissing, BenchPlace } from '../bench-contract'
import type { SampleFile } from '../samples/sample-files'
import { isInstalled } from './programs'

const WARM_AND_MEASURED = '2'

function compile(place: BenchPlace): string | undefined {
  const program = path.join(place.temporaryFolder, 'replay')
  if (fs.existsSync(program)) return program
  if (!isInstalled('cc')) return undefined
  // Without -fno-builtin-malloc the compiler may leave out a malloc whose block is never read.
  execFileSync('cc', ['-O2', '-fno-builtin-malloc', '-o', program, path.join(place.projectRoot, 'scripts/bench/peers/replay.c')])
  return program
}

/** Where the loader finds a shared library, for LD_PRELOAD; undefined when it is not installed. */
function findLibrary(name: string): string | undefined {
  if (process.platform !== 'linux') return undefined
  const known = execFileSync('/sbin/ldconfig', ['-p'], { encoding: 'utf8' })
  return new RegExp(`${name}[^\\n]*=> (\\S+)`).exec(known)?.[1]
}

/** M events/s; `preload` is the name of an allocator's shared library. */
export function cReplay(place: BenchPlace, mode: 'malloc' | 'first-fit', { file }: SampleFile, preload?: string): BenchBody | BenchMissing {
  const library = preload === undefined ? undefined : findLibrary(preload)
  if (preload !== undefined && library === undefined) return { missing: `${preload} is not installed` }
  const program = compile(place)
  if (program === undefined) return { missing: 'there is no C compiler (cc)' }
  const env = library === undefined ? process.env : { ...process.env, LD_PRELOAD: library }
  return { measure: () => Number(execFileSync(program, [mode, file, WARM_AND_MEASURED], { encoding: 'utf8', env })) }
}
