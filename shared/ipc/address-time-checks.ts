import * as z from 'zod/mini'
import { LIFE_COLORS, LIFE_STEPS } from '../analysis/address-time/names'
import { MOST_TILE_CELLS } from './address-time-api'
import { blockFilter } from './blocks-checks'

/** Parameters of address-time-api.ts as they may arrive from a window. */
const id = z.string().check(z.minLength(1), z.maxLength(64))
const event = z.int().check(z.minimum(0), z.maximum(0xfffffffe))
const address = z.number().check(z.minimum(0), z.maximum(Number.MAX_SAFE_INTEGER))
const MOST_SIDE = 4096

const window = z
  .strictObject({ fromOffset: address, toOffset: address, fromEvent: z.number().check(z.minimum(0), z.maximum(2 ** 32)), toEvent: z.number().check(z.minimum(0), z.maximum(2 ** 32)) })
  .check(z.refine(({ fromOffset, toOffset, fromEvent, toEvent }) => toOffset > fromOffset && toEvent > fromEvent, 'a window that is not empty'))
const side = z.int().check(z.minimum(1), z.maximum(MOST_SIDE))
const grid = z.strictObject({ columns: side, rows: side }).check(z.refine(({ columns, rows }) => columns * rows <= MOST_TILE_CELLS, `at most ${MOST_TILE_CELLS} cells`))

export const addressTimeChecks = {
  addressTimeSpace: z.strictObject({ documentId: id }),
  addressTimeTile: z.strictObject({ documentId: id, event, window, grid, color: z.enum(LIFE_COLORS), filter: z.optional(blockFilter) }),
  lifetimeAt: z.strictObject({ documentId: id, address, event }),
  lifetimeStep: z.strictObject({ documentId: id, address, event, step: z.enum(LIFE_STEPS) }),
  lifetimesOver: z.strictObject({ documentId: id, address, bytes: address }),
  lifetimeTotals: z.strictObject({ documentId: id, filter: blockFilter }),
}
