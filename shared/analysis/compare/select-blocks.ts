import { CHUNK_LENGTH } from '../../base/column'
import { NONE, UNKNOWN_SIZE, type Bytes } from '../../base/units'
import { BlockState, type Snapshot } from '../../model/snapshot'

/*
 * What of two compared moments is looked at. The same selection is put to both sides, whose addresses and site numbers
 * differ: sizes and texts are what they have in common.
 */
export interface BlockSelection {
  /** Requested sizes in [minBytes, maxBytes]; consumed ones where the request is unknown. */
  readonly minBytes?: Bytes
  readonly maxBytes?: Bytes
  /** Text of a call site; "unknown" for blocks without one. */
  readonly site?: string
  /** Index into the snapshot's heaps, which are compared in their order. */
  readonly heap?: number
}

export const UNKNOWN_SITE = 'unknown'

/** 1 for every busy row the selection keeps; undefined when it keeps them all. */
export function selectBusy({ blocks, siteNames }: Snapshot, { minBytes = 0, maxBytes = Infinity, site, heap }: BlockSelection): Uint8Array | undefined {
  if (minBytes === 0 && maxBytes === Infinity && site === undefined && heap === undefined) return undefined
  const chosen = new Uint8Array(blocks.length)
  const siteOfRow = site === undefined ? undefined : blocks.site
  const siteNumber = site === undefined || site === UNKNOWN_SITE ? NONE : siteNames.indexOf(site)
  // A site this side does not know chooses nothing, not what has no site.
  if (site !== undefined && site !== UNKNOWN_SITE && siteNumber === NONE) return chosen
  for (let chunk = 0, left = blocks.length; left > 0; chunk++, left -= CHUNK_LENGTH) {
    const sizes = blocks.size.chunks[chunk]!
    const requests = blocks.requested.chunks[chunk]!
    const states = blocks.state.chunks[chunk]!
    const heaps = blocks.heap.chunks[chunk]!
    const sites = siteOfRow?.chunks[chunk]
    const first = chunk * CHUNK_LENGTH
    for (let i = 0; i < Math.min(left, CHUNK_LENGTH); i++) {
      if (states[i] !== BlockState.Busy) continue
      const bytes = requests[i] === UNKNOWN_SIZE ? sizes[i]! : requests[i]!
      if (bytes < minBytes || bytes > maxBytes) continue
      if (heap !== undefined && heaps[i] !== heap) continue
      if (site !== undefined && (sites?.[i] ?? NONE) !== siteNumber) continue
      chosen[first + i] = 1
    }
  }
  return chosen
}
