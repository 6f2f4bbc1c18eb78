import type { Address, Bytes } from '../../../shared/base/units'
import type { OverlayField } from '../../../shared/model/process-memory'

/** Some bytes as a source gives them. Arrays beside `bytes` have its length; it may end before what was asked for. */
export interface HexBytes {
  readonly address: Address
  readonly bytes: Uint8Array
  /** 1 for each byte that can be read; absent: all of `bytes` can. What lies behind its end never can. */
  readonly readable?: Uint8Array
  /** 1 for each byte that changed; absent: nothing is compared. */
  readonly changed?: Uint8Array
  /** The same bytes with encoded structures decoded; absent: nothing is encoded. */
  readonly decoded?: Uint8Array
  /** Structures that touch these bytes; inner ones stand behind the outer ones they lie in. */
  readonly fields?: readonly OverlayField[]
}

/** Where a hex view has its bytes from: a simulated process, a dump, a saved snapshot. */
export interface HexSource {
  /** At most 65,536 bytes from `address` on. May be cancelled. */
  bytes(address: Address, length: Bytes, options: { readonly signal: AbortSignal }): Promise<HexBytes>
  /** Starts of lines of 16 bytes with a changed byte in [from, to), ascending, the first `count` of `total`; absent: nothing is compared. */
  changedLines?(from: Address, to: Address, count: number): Promise<{ readonly lines: Float64Array; readonly total: number }>
  /** Whether a number found in the bytes may be an address worth following; absent: only fields that name their target lead somewhere. */
  leadsSomewhere?(address: Address): boolean
  /** Bytes of a pointer; 4 when absent. */
  readonly pointerBytes?: 4 | 8
  /** True when `decoded` may come with bytes: the reader then chooses which to see. */
  readonly decodes?: boolean
}

/** What the view shows, from its first to past its last address. */
export interface HexRange {
  readonly from: Address
  readonly to: Address
  readonly title: string
  /** Why there are no bytes, in words; absent when they can be read. */
  readonly problem?: string
}

/** Bytes [from, to). */
export interface HexSelection {
  readonly from: Address
  readonly to: Address
}
