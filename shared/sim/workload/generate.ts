import { mulberry32 } from '../../base/random'
import type { Bytes } from '../../base/units'
import { TraceBuilder, type Trace } from '../../model/trace'

type Draw = () => number
type DrawSize = (draw: Draw) => Bytes

/** Builder of the trace `workload:ID`. */
const begin = (id: string): TraceBuilder =>
  new TraceBuilder({ file: `workload:${id}`, format: 'workload', partial: false, notes: [] })

const finish = (builder: TraceBuilder): Trace => builder.finish(builder.trace.origin)

export interface ChurnShape {
  readonly seed: number
  /** Blocks alive through the main part. */
  readonly live: number
  /** Times a random block is freed and a new one allocated. */
  readonly replacements: number
  readonly size: DrawSize
}

/** Fills up, replaces random blocks, frees everything. Draw order: each size once per alloc, the victim before its free. */
export function buildChurn(id: string, shape: ChurnShape): Trace {
  const builder = begin(id)
  const draw = mulberry32(shape.seed)
  const alive: number[] = []
  for (let i = 0; i < shape.live; i++) alive.push(builder.alloc(shape.size(draw)))
  for (let i = 0; i < shape.replacements; i++) {
    const victim = Math.floor(draw() * alive.length)
    builder.free(alive[victim]!)
    alive[victim] = builder.alloc(shape.size(draw))
  }
  for (const object of alive) builder.free(object)
  return finish(builder)
}

/** 16..1024 bytes, each as likely. */
export const uniformSize: DrawSize = (draw) => 16 + Math.floor(draw() * 1009)
/** 16 bytes plus an exponential part of mean 128. */
export const exponentialSize: DrawSize = (draw) => 16 + Math.floor(-128 * Math.log(1 - draw()))
/** Nine small objects to one page-sized. */
export const bimodalSize: DrawSize = (draw) => (draw() < 0.9 ? 32 : 4096)
/** 16, 32, ... 1024. */
export const powerSize: DrawSize = (draw) => 2 ** (4 + Math.floor(draw() * 7))

/** Phases of equal blocks, each half as large again as the one before; every tenth block stays for ever. */
export function buildStairs(id: string): Trace {
  const builder = begin(id)
  let size = 64
  for (let phase = 0; phase < 6; phase++) {
    const objects: number[] = []
    for (let i = 0; i < 1000; i++) objects.push(builder.alloc(size))
    for (let i = 0; i < 1000; i++) if (i % 10 !== 0) builder.free(objects[i]!)
    size = Math.floor(size * 1.5)
  }
  return finish(builder)
}

/** Pairs of a small and a large block; the large ones go and make holes a little too small for what comes. */
export function buildHoles(id: string, pairs: number, sizes: { small: Bytes; large: Bytes; later: Bytes }): Trace {
  const builder = begin(id)
  const small: number[] = []
  const large: number[] = []
  const later: number[] = []
  for (let i = 0; i < pairs; i++) {
    small.push(builder.alloc(sizes.small))
    large.push(builder.alloc(sizes.large))
  }
  for (const object of large) builder.free(object)
  for (let i = 0; i < pairs; i++) later.push(builder.alloc(sizes.later))
  for (const object of small) builder.free(object)
  for (const object of later) builder.free(object)
  return finish(builder)
}

/** Two neighbours freed, then one request of their joint size: only merging heaps stay small. */
export function buildPairs(id: string, rounds: number, size: Bytes): Trace {
  const builder = begin(id)
  for (let i = 0; i < rounds; i++) {
    const left = builder.alloc(size)
    const right = builder.alloc(size)
    builder.free(left)
    builder.free(right)
    builder.free(builder.alloc(2 * size))
  }
  return finish(builder)
}

/** One buffer that grows step by step, with a temporary block allocated and freed around each step. */
export function buildGrowth(id: string, steps: number, first: Bytes, step: Bytes): Trace {
  const builder = begin(id)
  const buffer = builder.alloc(first)
  let temporary = builder.alloc(step)
  for (let i = 1; i <= steps; i++) {
    builder.realloc(buffer, first + step * i)
    const next = builder.alloc(step)
    builder.free(temporary)
    temporary = next
  }
  builder.free(temporary)
  builder.free(buffer)
  return finish(builder)
}
