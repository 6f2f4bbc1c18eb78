import { CHUNK_LENGTH, CHUNK_SHIFT } from '../../base/column'
import type { JobContext } from '../../base/job-context'
import type { EventNumber } from '../../base/units'
import { RegionState } from '../../model/region-table'
import type { Run } from '../../model/run'
import { ALL_LIFETIMES, AreaGrid, type GridSize } from './area-grid'
import { CODES_OF_COLOR, Life, lifeOf, NEVER_CODE, type PlaceCodes } from './lifetime-colors'
import type { AddressTimeWindow, LifetimeIndex, Stretches } from './lifetime-index'
import type { LifeColor } from './names'
import type { PageHistory } from './page-history'

/*
 * A window of address and time in cells, row by row from the lowest offset, each row from the earliest event:
 *
 *   code     0 = nothing, else 1 + the code (lifetime-colors.ts) that covers most of the cell
 *   share    how much of the cell lifetimes cover, 0..255; what is covered at all is at least 1
 *   ground   what most of the cell's pages were: GROUND_NAMES
 *   chosen   with a filter: how much of the cell lifetimes it keeps cover
 *
 * Where few lifetimes touch the window they come along one by one.
 */
export interface AddressTimeTile {
  readonly code: Uint8Array
  readonly share: Uint8Array
  readonly ground: Uint8Array
  readonly chosen?: Uint8Array
  /** Lifetimes that touch the window; null when that was not counted because there are many. */
  readonly count: number | null
  readonly lives: WindowLives | null
}

/** Lifetimes one by one, in no order. */
export interface WindowLives {
  readonly offset: Float64Array
  readonly size: Float64Array
  readonly birth: Uint32Array
  /** STILL_ALIVE where it never ends. */
  readonly death: Uint32Array
  readonly code: Uint8Array
  readonly chosen?: Uint8Array
}

export const GROUND_NAMES = ['not reserved', 'reserved, not committed', 'committed'] as const
export const Ground = { None: 0, Reserved: 1, Committed: 2 } as const

/** At 22 bytes each they take 350 KB; a picture of a million points has no room for more that can be told apart. */
export const MOST_LIVES = 16_000
/** Stretches this many times as long are still looked through for them. */
const LOOKED_THROUGH = 16

export interface TileWish {
  readonly window: AddressTimeWindow
  readonly grid: GridSize
  readonly color: LifeColor
  /** The event shown; decides `life`. */
  readonly event: EventNumber
  /** By row of the run: 1 for what the filter keeps; undefined: no filter. */
  readonly mask: Uint8Array | undefined
}

/** Sums of the window that do not depend on the event shown; kept by the caller for as long as only that moves. */
export interface WindowSums {
  readonly [Symbol.toStringTag]: 'WindowSums'
  readonly stretches: Stretches
  readonly areas: AreaGrid
  readonly ground: Uint8Array
  readonly chosen: Uint8Array | undefined
}

/** Takes about 15 ns for each lifetime that touches the window. Throws `cancelled`. */
export async function windowSums(index: LifetimeIndex, history: PageHistory, { codes }: PlaceCodes, { window, grid, color, mask }: TileWish, job: JobContext): Promise<WindowSums> {
  const stretches = index.stretches(window)
  const areas = new AreaGrid(window, grid, color === 'life' ? NEVER_CODE + 1 : CODES_OF_COLOR[color])
  await areas.addLifetimes(index, stretches, codes, ALL_LIFETIMES, job)
  let chosen: Uint8Array | undefined
  if (mask !== undefined) {
    const kept = new AreaGrid(window, grid, 1)
    await kept.addLifetimes(index, stretches, undefined, { aliveAt: -1, only: -1, mask }, job)
    chosen = sharesOf(kept)
    kept.release()
  }
  return { [Symbol.toStringTag]: 'WindowSums', stretches, areas, ground: groundOf(history, window, grid), chosen }
}

/** Throws `cancelled`. */
export async function addressTimeTile(run: Run, index: LifetimeIndex, sums: WindowSums, codes: PlaceCodes, wish: TileWish, job: JobContext): Promise<AddressTimeTile> {
  const { areas, ground, chosen, stretches } = sums
  const cells = wish.color === 'life' ? await lifeCells(index, areas, codes, wish, job) : plainCells(areas)
  const found = stretches.count > MOST_LIVES * LOOKED_THROUGH ? null : index.placesIn(wish.window, MOST_LIVES)
  const lives = found === null ? null : livesAt(run, index, codes, wish, found)
  return { ...cells, ground, ...(chosen === undefined ? {} : { chosen }), count: found === null ? null : found.places.length, lives }
}

/** Less than this is what is left of rounding. */
const NOTHING = 1e-7
const shareOf = (area: number): number => (area < NOTHING ? 0 : Math.max(1, Math.min(255, Math.round(area * 255))))

interface Cells {
  readonly code: Uint8Array
  readonly share: Uint8Array
}

const newCells = ({ columns, rows }: GridSize): Cells => ({ code: new Uint8Array(columns * rows), share: new Uint8Array(columns * rows) })

/** A cell is only reckoned anew where something begins or ends: most are as the one before. */
function plainCells(areas: AreaGrid): Cells {
  const cells = newCells(areas)
  const { columns, rows, kinds, stride, changes } = areas
  const now = new Float64Array(kinds)
  for (let row = 0; row < rows; row++) {
    now.fill(0)
    const start = row * kinds * stride
    let code = 0
    let share = 0
    for (let column = 0; column < columns; column++) {
      let isChanged = false
      for (let at = start + column, kind = 0; kind < kinds; kind++, at += stride) {
        const change = changes[at]!
        if (change === 0) continue
        now[kind]! += change
        isChanged = true
      }
      if (isChanged) {
        code = largest(now)
        share = shareOf(sum(now))
      }
      cells.code[row * columns + column] = code
      cells.share[row * columns + column] = share
    }
  }
  return cells
}

/** 1 + the place of the largest amount, 0 when there is nothing. */
function largest(amounts: Float64Array): number {
  let most = NOTHING
  let best = 0
  for (let i = 0; i < amounts.length; i++) {
    if (amounts[i]! <= most) continue
    most = amounts[i]!
    best = i + 1
  }
  return best
}

function sum(amounts: Float64Array): number {
  let total = 0
  for (let i = 0; i < amounts.length; i++) total += amounts[i]!
  return total
}

/**
 * Codes of Life. Blocks alive at the event are added up by themselves; of the others, those left of the event were freed before
 * it and those right of it come later.
 */
async function lifeCells(index: LifetimeIndex, areas: AreaGrid, { codes }: PlaceCodes, { window, grid, event }: TileWish, job: JobContext): Promise<Cells> {
  const living = new AreaGrid(window, grid, 1)
  const atEvent = index.stretches({ ...window, fromEvent: event, toEvent: event + 1 })
  await living.addLifetimes(index, atEvent, codes, { aliveAt: event, only: 0, mask: undefined }, job)
  const cells = mergeLives(areas, living, window, event)
  living.release()
  return cells
}

function mergeLives(areas: AreaGrid, living: AreaGrid, { fromEvent, toEvent }: AddressTimeWindow, event: EventNumber): Cells {
  const cells = newCells(areas)
  const { columns, rows, kinds, stride, changes } = areas
  const { changes: livingChanges } = living
  const amounts = new Float64Array(CODES_OF_COLOR.life)
  // The first column whose middle lies behind the event shown.
  const border = Math.max(0, Math.ceil(((event + 0.5 - fromEvent) / (toEvent - fromEvent)) * columns - 0.5))
  for (let row = 0; row < rows; row++) {
    const freedAt = row * kinds * stride
    const livingAt = row * stride
    let freed = 0
    let alive = 0
    let code = 0
    let share = 0
    amounts.fill(0)
    for (let column = 0; column < columns; column++) {
      const at = freedAt + column
      const freedChange = changes[at]!
      const internalChange = changes[at + stride]!
      const cachedChange = changes[at + 2 * stride]!
      const neverChange = changes[at + NEVER_CODE * stride]!
      const aliveChange = livingChanges[livingAt + column]!
      if (freedChange !== 0 || internalChange !== 0 || cachedChange !== 0 || neverChange !== 0 || aliveChange !== 0 || column === border) {
        freed += freedChange
        alive += aliveChange
        amounts[Life.Internal]! += internalChange
        amounts[Life.Cached]! += cachedChange
        amounts[Life.Never]! += neverChange
        amounts[Life.Live] = alive
        amounts[Life.Before] = column < border ? freed - alive : 0
        amounts[Life.Later] = column < border ? 0 : freed - alive
        code = largest(amounts)
        share = shareOf(sum(amounts))
      }
      cells.code[row * columns + column] = code
      cells.share[row * columns + column] = share
    }
  }
  return cells
}

function sharesOf(areas: AreaGrid): Uint8Array {
  return plainCells(areas).share
}

/** Reserved pages are kind 0, committed ones kind 1. */
const KIND_OF_STATE: readonly number[] = [RegionState.Free, RegionState.Reserved, RegionState.Committed].map((state) => (state === RegionState.Committed ? 1 : 0))

function groundOf(history: PageHistory, window: AddressTimeWindow, grid: GridSize): Uint8Array {
  const areas = new AreaGrid(window, grid, 2)
  areas.addPages(history, KIND_OF_STATE)
  // Kinds from 0 become codes from 1: Ground.Reserved and Ground.Committed.
  const { code } = plainCells(areas)
  areas.release()
  return code
}

function livesAt(run: Run, index: LifetimeIndex, { codes }: PlaceCodes, { color, event, mask }: TileWish, { places, bands }: { readonly places: Uint32Array; readonly bands: Uint32Array }): WindowLives {
  const { occupant } = run.lifetimes
  const count = places.length
  const lives = { offset: new Float64Array(count), size: new Float64Array(count), birth: new Uint32Array(count), death: new Uint32Array(count), code: new Uint8Array(count), ...(mask === undefined ? {} : { chosen: new Uint8Array(count) }) }
  for (let i = 0; i < count; i++) {
    const place = places[i]!
    const row = index.row[place]!
    lives.offset[i] = index.offsetAt(place, bands[i]!)
    lives.size[i] = index.bytesAt(place)
    const birth = (lives.birth[i] = index.birth[place]!)
    const death = (lives.death[i] = index.death[place]!)
    lives.code[i] = color === 'life' ? lifeOf(occupant.chunks[row >>> CHUNK_SHIFT]![row & (CHUNK_LENGTH - 1)]!, birth, death, event) : codes[place]!
    if (mask !== undefined) lives.chosen![i] = mask[row]!
  }
  return lives
}
