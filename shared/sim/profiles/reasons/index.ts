import { fitReasons } from './fit-reasons'
import { mimallocReasons } from './mimalloc-reasons'
import { ptmallocReasons } from './ptmalloc-reasons'
import { ntReasons } from './nt-reasons'
import type { ReasonTable } from './reason-text'
import { segmentReasons } from './segment-reasons'
import { slabReasons } from './slab-reasons'

/** Texts of the managers that tell reasons, by heap id. */
const tables: Readonly<Record<string, ReasonTable>> = {
  'first-fit': fitReasons,
  'next-fit': fitReasons,
  'best-fit': fitReasons,
  'worst-fit': fitReasons,
  'lifo-fit': fitReasons,
  'fifo-fit': fitReasons,
  segregated: fitReasons,
  tlsf: fitReasons,
  'kath-nt31': fitReasons,
  'mimalloc-like': mimallocReasons,
  slab: slabReasons,
  'ptmalloc-like': ptmallocReasons,
  'segment-heap': segmentReasons,
  'nt-xp': ntReasons,
  'nt-lfh': ntReasons,
}

/** Undefined for a manager that tells none. */
export function reasonsOf(heap: string): ReasonTable | undefined {
  return Object.hasOwn(tables, heap) ? tables[heap] : undefined
}
