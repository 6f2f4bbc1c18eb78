import { HeapscapeError } from '../../base/errors'
import type { RunRequest } from '../../model/run'
import { heapDefinitions, resolveRequest } from '../../sim/profiles'

/*
 * A sweep replays every input in every heap under every combination of values:
 *
 *   inputs x heaps x (align = 8, 16) x (coalesce = immediate, never)  ->  points, one run each
 *
 * A value is tried in the heaps that have such a parameter; heaps that come out alike are replayed once.
 */
export interface SweepPoint {
  /** The same text for the same work, on every machine: `trace.rep|first-fit/csapp|align=8`. */
  readonly key: string
  /** Place of the input in the plan. */
  readonly input: number
  readonly request: RunRequest
  /** What differs from the profile; what `simulate --set` would be given. */
  readonly settings: Readonly<Record<string, string>>
}

export interface Shard {
  /** From 1. */
  readonly index: number
  readonly count: number
}

/** @throws HeapscapeError `heap-unknown`, `parameter-unknown` when no heap has it, `parameter-invalid`, `usage` */
export function planSweep(inputs: readonly string[], heaps: readonly string[], values: Readonly<Record<string, readonly string[]>>, shard: Shard = { index: 1, count: 1 }): SweepPoint[] {
  refuseTwice(inputs)
  const variants = heaps.flatMap((heap) => variantsOf(heap, values))
  refuseUnused(values, variants)
  const points = inputs.flatMap((name, input) => variants.map(({ request, settings, text }) => ({ key: `${name}|${text}`, input, request, settings })))
  const distinct = [...new Map(points.map((point) => [point.key, point])).values()]
  return distinct.filter((_, place) => place % shard.count === shard.index - 1)
}

/** Keys go by name, so that a sweep may be resumed from another folder. */
function refuseTwice(inputs: readonly string[]): void {
  const twice = inputs.find((name, place) => inputs.indexOf(name) !== place)
  if (twice !== undefined) throw new HeapscapeError('usage', { detail: `two inputs are called "${twice}"; give them different names` })
}

interface Variant {
  readonly request: RunRequest
  readonly settings: Readonly<Record<string, string>>
  readonly text: string
}

/** `heap` may name a profile: `first-fit/pure`. */
function variantsOf(heap: string, values: Readonly<Record<string, readonly string[]>>): Variant[] {
  const [name, profile] = heap.split('/')
  const plain = resolveRequest(name!, profile, {})
  const known = heapDefinitions.find(({ id }) => id === plain.heap)!.parameters.map((parameter) => parameter.name)
  let combinations: Readonly<Record<string, string>>[] = [{}]
  for (const [parameter, choices] of Object.entries(values)) {
    if (known.includes(parameter)) combinations = combinations.flatMap((settings) => choices.map((choice) => ({ ...settings, [parameter]: choice })))
  }
  return combinations.map((settings) => {
    const request = resolveRequest(plain.heap, plain.profile, settings)
    const changed = Object.keys(settings).map((parameter) => `${parameter}=${String(request.parameters[parameter])}`)
    return { request, settings, text: [`${plain.heap}/${plain.profile}`, ...changed].join('|') }
  })
}

function refuseUnused(values: Readonly<Record<string, readonly string[]>>, variants: readonly Variant[]): void {
  const unused = Object.keys(values).find((parameter) => variants.every(({ settings }) => !(parameter in settings)))
  if (unused === undefined) return
  const heaps = [...new Set(variants.map(({ request }) => request.heap))].join(', ')
  throw new HeapscapeError('parameter-unknown', { heap: heaps, got: unused, expected: 'see heapscape heaps' })
}
