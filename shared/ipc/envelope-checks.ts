import * as z from 'zod/mini'

/** A window's message to the engine; `params` are checked by the method's own schema. */
export const toEngineCheck = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('request'), id: z.int(), method: z.string().check(z.maxLength(64)), params: z.unknown() }),
  z.strictObject({ type: z.literal('cancel'), id: z.int() }),
])
