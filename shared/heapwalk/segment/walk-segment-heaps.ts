import type { HeapPlace } from '../discovery'
import type { HeapWalk, WalkContext } from '../heap-walk'
import type { MemoryView } from '../memory-view'

export function walkSegmentHeaps(_view: MemoryView, _places: readonly HeapPlace[], _context: WalkContext): Promise<ReadonlyMap<HeapPlace, HeapWalk>> {
  return Promise.resolve(new Map())
}
