import type { Bytes } from '../../base/units'

/** What a manager answers to requests of several sizes, one at a time, without more memory than is committed. */
export interface HeapProbe {
  /** Sizes asked for, rising: those of the size classes up to beyond all that is committed. */
  readonly requestBytes: Float64Array
  /** 1 where the request is served. */
  readonly served: Uint8Array
  /** The largest request that is served; one byte more is refused. 0 when none is. */
  readonly largestBytes: Bytes
  /** The smallest of `requestBytes` that is refused; null when all up to `largestBytes` are served. */
  readonly firstRefusedBytes: Bytes | null
}

/** Why nobody can be asked. */
export interface NoProbe {
  readonly reason: string
}
