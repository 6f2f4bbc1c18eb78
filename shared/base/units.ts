/**
 * One decision for the whole program:
 * - an Address is a Float64, exact below 2^53 (covers 47/48-bit user space);
 * - sizes in columns are Uint32 bytes that widen to Float64 when one does not fit (column.ts);
 * - an event number n means "after the first n events": 0 is before anything, `events` is the end.
 */
export type Address = number
export type Bytes = number
export type EventNumber = number
export type RowIndex = number

export const PAGE_BYTES = 4096
/** Reservation granularity of Windows (vm.md, "Allocation granularity"). */
export const RESERVATION_BYTES = 65536

/** Row, index or address that does not exist. */
export const NONE = -1
/** Requested size the source does not tell (never shown as 0). */
export const UNKNOWN_SIZE = 0xffffffff
/** Death of a block that is still there at the end of the run. */
export const STILL_ALIVE = 0xffffffff

export const roundUp = (value: number, granule: number): number => Math.ceil(value / granule) * granule
export const roundDown = (value: number, granule: number): number => Math.floor(value / granule) * granule
