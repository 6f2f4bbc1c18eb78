import { readFileSync } from 'node:fs'
import path from 'node:path'
import * as z from 'zod/mini'
import { figureDefinitions } from '../../shared/analysis/compare/run-figures'
import { DEFAULT_GATE_RULES, type GateRules } from '../../shared/analysis/gate/gate'
import { HeapscapeError } from '../../shared/base/errors'

const share = z.number().check(z.minimum(0))
const probability = z.number().check(z.gt(0), z.lt(1))
const rulesSchema = z.strictObject({
  mode: z.optional(z.enum(['auto', 'replay', 'sampled'])),
  figures: z.optional(z.array(z.string()).check(z.minLength(1))),
  replay: z.optional(z.strictObject({ relative: z.optional(share), floor: z.optional(share) })),
  sampled: z.optional(z.strictObject({ relative: z.optional(share), floor: z.optional(share), alpha: z.optional(probability), delta: z.optional(share) })),
  overrides: z.optional(z.record(z.string(), z.strictObject({ relative: z.optional(share), floor: z.optional(share), delta: z.optional(share) }))),
  seed: z.optional(z.int()),
})

/**
 * Rules from a JSON file; what it leaves out stays as it is by default (docs/ci.md).
 * @throws HeapscapeError `file-unreadable`, `format-malformed`
 */
export function readGateRules(file: string): GateRules {
  const name = path.basename(file)
  const malformed = (expected: string, got: string): never => {
    throw new HeapscapeError('format-malformed', { expected, got }, { file: name })
  }
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new HeapscapeError('file-unreadable', { detail: error instanceof Error ? error.message : String(error) }, { file: name })
  }
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch (error) {
    return malformed('gate rules in JSON', error instanceof Error ? error.message : String(error))
  }
  const parsed = rulesSchema.safeParse(content)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    return malformed('gate rules', `${issue?.message ?? 'something else'} at ${issue?.path.join('.') ?? ''}`)
  }
  const { data } = parsed
  const known = new Set(figureDefinitions.map(({ id }) => id))
  const unknown = [...(data.figures ?? []), ...Object.keys(data.overrides ?? {})].find((id) => !known.has(id))
  if (unknown !== undefined) malformed('figure ids (heapscape gate --figures lists them)', `"${unknown}"`)
  const defined = <T extends object>(fields: T | undefined): { [K in keyof T]: Exclude<T[K], undefined> } =>
    Object.fromEntries(Object.entries(fields ?? {}).filter(([, value]) => value !== undefined)) as { [K in keyof T]: Exclude<T[K], undefined> }
  return {
    mode: data.mode ?? DEFAULT_GATE_RULES.mode,
    figures: data.figures ?? DEFAULT_GATE_RULES.figures,
    replay: { ...DEFAULT_GATE_RULES.replay, ...defined(data.replay) },
    sampled: { ...DEFAULT_GATE_RULES.sampled, ...defined(data.sampled) },
    overrides: Object.fromEntries(Object.entries(data.overrides ?? {}).map(([id, rule]) => [id, defined(rule)])),
    seed: data.seed ?? DEFAULT_GATE_RULES.seed,
  }
}
