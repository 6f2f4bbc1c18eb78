import * as z from 'zod/mini'
import type { SweepMethods } from './sweep-api'

/** Parameters of the sweep methods as they may arrive from a window. */
const id = z.string().check(z.minLength(1), z.maxLength(64))
const name = z.string().check(z.minLength(1), z.maxLength(256))
const key = z.string().check(z.minLength(1), z.maxLength(2000))

const MOST_INPUTS = 200
const MOST_HEAPS = 500
const MOST_VALUES = 200
const MOST_LINES = 32

const setup = {
  inputs: z.array(z.union([z.strictObject({ documentId: id }), z.strictObject({ workload: name })])).check(z.minLength(1), z.maxLength(MOST_INPUTS)),
  heaps: z.array(name).check(z.minLength(1), z.maxLength(MOST_HEAPS)),
  values: z.record(name, z.array(z.string().check(z.minLength(1), z.maxLength(64))).check(z.minLength(1), z.maxLength(MOST_VALUES))),
}
const inSweep = { sweepId: id }

export const sweepChecks = {
  sweepOutlook: z.strictObject(setup),
  sweepRun: z.strictObject({ ...setup, baseline: z.nullable(key) }),
  sweepRank: z.strictObject({ ...inSweep, baseline: key }),
  sweepLines: z.strictObject({ ...inSweep, input: name, variants: z.array(key).check(z.maxLength(MOST_LINES)) }),
  sweepSave: z.strictObject({ ...inSweep, baseline: key, form: z.enum(['csv', 'json', 'html', 'dataset']), targetId: id }),
  sweepDataset: z.strictObject(inSweep),
  sweepClose: z.strictObject(inSweep),
} satisfies { readonly [M in keyof SweepMethods]: unknown }
