import type { ParameterValue, RunRequest } from '../../../model/run'
import type { Heap, HeapObserver } from '../heap'
import { readChoice, readNumber } from '../request-values'
import { RoutedHeap } from './routed-heap'

/** A heap of the request, or several (`heapPer`); `own` are values of the further ones, which HeapCreate would have made. */
export function makeRouted(
  request: RunRequest,
  observer: HeapObserver,
  make: (request: RunRequest, observer: HeapObserver) => Heap,
  own: (number: number) => Readonly<Record<string, ParameterValue>>,
): Heap {
  // Runs saved before this parameter was there have one heap.
  const per = request.parameters['heapPer'] === undefined ? 'process' : readChoice(request, 'heapPer', ['process', 'thread', 'site'] as const)
  if (per === 'process') return make(request, observer)
  const part = (number: number): RunRequest => (number === 0 ? request : { ...request, parameters: { ...request.parameters, ...own(number) } })
  return new RoutedHeap(per, readNumber(request, 'heapsMost'), (number, told) => make(part(number), told), observer)
}

/** A private NT heap made without sizes reserves 64 KB (nt-heap.md 1), all of which it uses. */
export const privateNtHeap = (): Readonly<Record<string, ParameterValue>> => ({ reserve: 0x10000, spare: 0 })
