import * as z from 'zod/mini'
import { MOST_PART_BYTES, type ExportMethods } from './export-api'

const id = z.string().check(z.minLength(1), z.maxLength(64))
const bytes = z.instanceof(Uint8Array).check(z.refine(({ byteLength }) => byteLength <= MOST_PART_BYTES, `at most ${MOST_PART_BYTES} bytes`))

export const exportChecks = {
  exportFile: z.strictObject({ targetId: id, exportId: id }),
  exportPart: z.strictObject({ exportId: id, bytes }),
  exportEnd: z.strictObject({ exportId: id }),
} satisfies { readonly [M in keyof ExportMethods]: unknown }
