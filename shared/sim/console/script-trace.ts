import { HeapscapeError } from '../../base/errors'
import type { Address } from '../../base/units'
import { TraceBuilder, type Trace } from '../../model/trace'
import type { ProcessApi } from '../win32/process-api'
import type { CallRecord } from '../win32/process-types'

/** The calls on one heap since it was made, as a trace that any simulated heap can carry out. */
interface HeapEvent {
  readonly op: 'alloc' | 'realloc' | 'free'
  readonly bytes: number
  /** Block or handle given; 0 for alloc. */
  readonly given: Address
  /** Block or handle returned; 0 when the call failed. */
  readonly got: Address
}

const number = (call: CallRecord, index: number): number => Number(call.args[index] ?? 0)

/** GMEM_MODIFY, LMEM_MODIFY: a reallocation that changes attributes, not the size. */
const MODIFY = 0x80

/** What a call asks of the heap `heap`; undefined when nothing. Global, local and C calls go to the default heap. */
function eventOf(call: CallRecord, heap: Address, isDefault: boolean): HeapEvent | undefined {
  const done = call.error === 0 && call.exception === 0
  const got = done ? call.result : 0
  if (call.name.startsWith('Heap')) {
    if (number(call, 0) !== heap) return undefined
    if (call.name === 'HeapAlloc') return { op: 'alloc', bytes: number(call, 2), given: 0, got }
    if (call.name === 'HeapReAlloc') return { op: 'realloc', bytes: number(call, 3), given: number(call, 2), got }
    return call.name === 'HeapFree' && done ? { op: 'free', bytes: 0, given: number(call, 2), got: 0 } : undefined
  }
  return isDefault ? defaultHeapEvent(call, got, done) : undefined
}

function defaultHeapEvent(call: CallRecord, got: Address, done: boolean): HeapEvent | undefined {
  switch (call.name) {
    case 'GlobalAlloc':
    case 'LocalAlloc':
      return { op: 'alloc', bytes: number(call, 1), given: 0, got }
    case 'GlobalReAlloc':
    case 'LocalReAlloc':
      return (number(call, 2) & MODIFY) !== 0 ? undefined : { op: 'realloc', bytes: number(call, 1), given: number(call, 0), got }
    case 'malloc':
      return { op: 'alloc', bytes: number(call, 0), given: 0, got }
    case 'calloc':
      return { op: 'alloc', bytes: number(call, 0) * number(call, 1), given: 0, got }
    case 'realloc':
      if (number(call, 0) === 0) return { op: 'alloc', bytes: number(call, 1), given: 0, got }
      if (number(call, 1) === 0) return { op: 'free', bytes: 0, given: number(call, 0), got: 0 }
      return { op: 'realloc', bytes: number(call, 1), given: number(call, 0), got }
    case 'GlobalFree':
    case 'LocalFree':
    case 'free':
      return done && number(call, 0) !== 0 ? { op: 'free', bytes: 0, given: number(call, 0), got: 0 } : undefined
    default:
      return undefined
  }
}

/**
 * Allocations, reallocations and frees on a heap as a trace. Requests that failed are in it too: they may succeed in
 * another heap.
 * @throws HeapscapeError `trace-empty` when there is none
 */
export function traceOfHeap(process: ProcessApi, heap: Address, title: string): Trace {
  const origin = { file: title, format: 'console', partial: false, notes: [] }
  const builder = new TraceBuilder(origin, { thread: true })
  const isDefault = process.heaps().some((known) => known.handle === heap && known.isDefault)
  const objects = new Map<Address, number>()
  let allocations = 0
  for (let index = firstCall(process, heap); index < process.callCount; index++) {
    const call = process.callAt(index)
    const event = eventOf(call, heap, isDefault)
    if (event === undefined) continue
    if (event.op === 'alloc') allocations++
    write(builder, objects, event)
    builder.trace.thread?.push(call.thread)
  }
  if (allocations === 0) throw new HeapscapeError('trace-empty')
  return builder.finish(origin)
}

function write(builder: TraceBuilder, objects: Map<Address, number>, { op, bytes, given, got }: HeapEvent): void {
  const object = objects.get(given)
  if (op === 'alloc' || (op === 'realloc' && object === undefined)) {
    const fresh = builder.alloc(bytes)
    if (got !== 0) objects.set(got, fresh)
  } else if (object === undefined) {
    builder.orphanFree()
  } else if (op === 'realloc') {
    builder.realloc(object, bytes)
    if (got !== 0) {
      objects.delete(given)
      objects.set(got, object)
    }
  } else {
    builder.free(object)
    objects.delete(given)
  }
}

/** A heap may stand where a destroyed one stood: its own calls begin with the HeapCreate that returned it last. */
function firstCall(process: ProcessApi, heap: Address): number {
  for (let index = process.callCount - 1; index >= 0; index--) {
    const call = process.callAt(index)
    if (call.name === 'HeapCreate' && call.result === heap) return index
  }
  return 0
}
