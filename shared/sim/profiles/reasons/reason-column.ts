import { Column } from '../../../base/column'
import { PLACED_REASONS } from '../../../model/placed-reasons'
import type { Run, RunReasons } from '../../../model/run'
import { reasonsOf } from './index'

/** Why the block of each lifetime lies where it does, as numbers of placed-reasons.ts (0 = not told). 1 byte a lifetime. */
export function reasonColumn({ request }: Run, { code }: RunReasons): Column {
  const table = reasonsOf(request.heap)
  const numbers = Uint8Array.from(table?.placed ?? [], ({ id }) => (id === 'untold' ? 0 : PLACED_REASONS.indexOf(id) + 1))
  const codes = code.slice()
  for (let row = 0; row < codes.length; row++) codes[row] = numbers[codes[row]!]!
  return Column.from(codes)
}
