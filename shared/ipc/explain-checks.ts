import * as z from 'zod/mini'
import type { ExplainMethods } from './explain-api'

const id = z.string().check(z.minLength(1), z.maxLength(64))
const event = z.int().check(z.minimum(0), z.maximum(0xfffffffe))
const address = z.number().check(z.minimum(0), z.maximum(Number.MAX_SAFE_INTEGER))

export const explainChecks = {
  explain: z.strictObject({ documentId: id, event, address: z.nullable(address) }),
} satisfies { readonly [M in keyof ExplainMethods]: unknown }
