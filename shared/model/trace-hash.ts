import { createXXHash128 } from 'hash-wasm'
import { type Column, CHUNK_LENGTH } from '../base/column'
import type { JobContext } from '../base/job-context'
import type { Trace } from './trace'

/*
 * What is hashed, in order (all numbers little-endian):
 *
 *   "heapscape-trace-1"  17 bytes: a new layout gets a new name
 *   events               f64
 *   then for each 65,536 events (the last group is shorter):
 *     op      u8 each
 *     object  u32 each
 *     size    f64 each, whatever the column's kind: a trace with one large size hashes as itself, not as its storage
 *
 * Addresses, sites, times and names are left out: two recordings of one program differ in them and still replay alike.
 */
const LAYOUT_NAME = 'heapscape-trace-1'
const GROUP_EVENTS = 65536

/** 32 hex digits (XXH128, seed 0) over the events; equal exactly when op, object and size are. */
export async function hashTrace(trace: Trace, job: JobContext): Promise<string> {
  const hasher = await createXXHash128()
  hasher.init()
  hasher.update(new TextEncoder().encode(LAYOUT_NAME))
  hasher.update(littleEndian(Float64Array.of(trace.events)))
  const sizes = new Float64Array(GROUP_EVENTS)
  for (let first = 0; first < trace.events; first += GROUP_EVENTS) {
    const end = Math.min(first + GROUP_EVENTS, trace.events)
    hasher.update(littleEndian(rows(trace.op, first, end)))
    hasher.update(littleEndian(rows(trace.object, first, end)))
    sizes.set(rows(trace.size, first, end))
    hasher.update(littleEndian(sizes.subarray(0, end - first)))
    job.progress({ done: end, total: trace.events, unit: 'events' })
    await job.checkpoint()
  }
  return hasher.digest('hex')
}

/** A view, no copy: a group never crosses a chunk border, because the chunk length is a multiple of the group's. */
function rows(column: Column, first: number, end: number): Column['chunks'][number] {
  const start = first % CHUNK_LENGTH
  return column.chunks[Math.floor(first / CHUNK_LENGTH)]!.subarray(start, start + end - first)
}

const hostIsLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

function littleEndian(values: Column['chunks'][number]): Uint8Array {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  if (hostIsLittleEndian || values.BYTES_PER_ELEMENT === 1) return bytes
  const swapped = bytes.slice()
  for (let at = 0; at < swapped.length; at += values.BYTES_PER_ELEMENT) swapped.subarray(at, at + values.BYTES_PER_ELEMENT).reverse()
  return swapped
}
