import { Column } from '../base/column'

export const RegionState = { Free: 0, Reserved: 1, Committed: 2 } as const
export type RegionState = (typeof RegionState)[keyof typeof RegionState]

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

  get length(): number {
    return this.base.length
  }
}
