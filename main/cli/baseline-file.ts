import { readFileSync } from 'node:fs'
import path from 'node:path'
import * as z from 'zod/mini'
import type { RunFigures } from '../../shared/analysis/compare/run-figures'
import { HeapscapeError } from '../../shared/base/errors'
import { writeFileAtomically } from '../files/atomic-write'

/*
 * A baseline: the figures of runs, kept beside the sources of a program and compared with later runs. It holds no
 * blocks and no addresses, a few KB a run. Its environment record says under which conditions the figures were taken;
 * every run carries them, and runs under other conditions are not comparable.
 */
export const BASELINE_FORMAT = 'heapscape-baseline'
const BASELINE_VERSION = 1

const count = z.int().check(z.minimum(0))
const conditions = z.strictObject({
  pageBytes: count,
  timeAxis: z.enum(['operations', 'ns', 'none']),
  requestedKnown: z.boolean(),
  headerBytes: z.array(count),
  request: z.strictObject({ heap: z.string(), profile: z.string(), parameters: z.record(z.string(), z.union([z.number(), z.boolean(), z.string()])) }),
})
const figures = z.strictObject({
  title: z.string(),
  source: z.strictObject({ name: z.string(), format: z.string(), traceHash: z.string() }),
  conditions,
  events: count,
  partial: z.boolean(),
  values: z.record(z.string(), z.nullable(z.number())),
})
const baselineSchema = z.strictObject({
  format: z.literal(BASELINE_FORMAT),
  version: z.literal(BASELINE_VERSION),
  written: z.string(),
  environment: z.strictObject({ platform: z.string(), node: z.string() }),
  runs: z.array(figures).check(z.minLength(1)),
})

/** @throws HeapscapeError `file-unreadable`, `format-malformed` */
export function readBaseline(file: string): RunFigures[] {
  const name = path.basename(file)
  let content: unknown
  try {
    content = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    if (error instanceof SyntaxError) throw new HeapscapeError('format-malformed', { expected: 'a baseline in JSON', got: error.message }, { file: name })
    throw new HeapscapeError('file-unreadable', { detail: error instanceof Error ? error.message : String(error) }, { file: name })
  }
  const parsed = baselineSchema.safeParse(content)
  if (parsed.success) return parsed.data.runs
  const [issue] = parsed.error.issues
  throw new HeapscapeError('format-malformed', { expected: `a ${BASELINE_FORMAT} file of version ${BASELINE_VERSION}`, got: `${issue?.message ?? 'something else'} at ${issue?.path.join('.') ?? ''}` }, { file: name })
}

export function writeBaseline(file: string, runs: readonly RunFigures[]): Promise<void> {
  const content = {
    format: BASELINE_FORMAT,
    version: BASELINE_VERSION,
    written: new Date().toISOString(),
    environment: { platform: `${process.platform}-${process.arch}`, node: process.versions.node },
    runs,
  }
  return writeFileAtomically(file, (sink) => sink.write(Buffer.from(`${JSON.stringify(content, null, 1)}\n`)))
}
