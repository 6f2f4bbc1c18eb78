import * as z from 'zod/mini'
import { MOST_EXPORTED_BYTES, type ExportMethods } from './export-api'

const id = z.string().check(z.minLength(1), z.maxLength(64))
const bytes = z.instanceof(Uint8Array).check(z.refine(({ byteLength }) => byteLength <= MOST_EXPORTED_BYTES, `at most ${MOST_EXPORTED_BYTES} bytes`))

export const exportChecks = {
  exportFile: z.strictObject({ targetId: id, bytes }),
} satisfies { readonly [M in keyof ExportMethods]: unknown }
