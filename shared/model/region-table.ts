import { Column } from '../base/column'
import type { Bytes } from '../base/units'

export const RegionState = { Free: 0, Reserved: 1, Committed: 2 } as const
export type RegionState = (typeof RegionState)[keyof typeof RegionState]
export const REGION_STATE_NAMES = ['free', 'reserved', 'committed'] as const

/** What a region is used for, as its source says; `Environment` is the process's and threads' own blocks. */
export const RegionKind = { Unknown: 0, Private: 1, Mapped: 2, Image: 3, Heap: 4, Stack: 5, Environment: 6 } as const
export type RegionKind = (typeof RegionKind)[keyof typeof RegionKind]
export const REGION_KIND_NAMES = ['unknown', 'private', 'mapped', 'image', 'heap', 'stack', 'environment'] as const

/** Columns of measured bytes; each is absent, or NONE in a row, when the source does not tell. */
export const REGION_MEASURES = ['resident', 'proportional', 'private', 'swapped'] as const
export type RegionMeasure = (typeof REGION_MEASURES)[number]

export class RegionTable {
  readonly [Symbol.toStringTag] = 'RegionTable'
  readonly base = new Column('f64')
  readonly size = new Column('f64')
  /** RegionState. */
  readonly state = new Column('u8')
  /** Index into Snapshot.owners, -1 none. */
  readonly owner = new Column('i32')
  /** PAGE_* of committed regions, 0 for others; absent when the source does not tell. */
  protect: Column | undefined
  /** RegionKind; absent when the source does not tell. */
  kind: Column | undefined
  /** Bytes in physical memory, shared ones included. */
  resident: Column | undefined
  /** Resident bytes, those that n processes share counted as 1/n (Pss of Linux). */
  proportional: Column | undefined
  /** Bytes no other process shares: resident ones on Linux, committed ones on Windows. */
  private: Column | undefined
  swapped: Column | undefined

  get length(): number {
    return this.base.length
  }
}

/** A sum over regions as the source states it, with or without the regions themselves. */
export interface RegionTotal {
  /** What is summed by: `usage`, `type`, `state`, `protection`, `largest`. */
  readonly group: string
  readonly name: string
  /** null when not told. */
  readonly regions: number | null
  readonly bytes: Bytes
}
