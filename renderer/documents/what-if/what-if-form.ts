import type { SweepSetup } from '../../../shared/ipc/sweep-api'
import { heapDefinitions } from '../../../shared/sim/profiles'
import type { HeapDefinition, ParameterDefinition } from '../../../shared/sim/profiles/catalog'

/* What the form of a What-If document holds, and what it asks the engine for. */

export interface HeapGroup {
  readonly title: string
  readonly heaps: readonly HeapDefinition[]
}

const GROUPS: readonly { readonly title: string; readonly holds: (heap: HeapDefinition) => boolean }[] = [
  { title: 'Windows', holds: ({ title }) => title.includes('Windows') },
  { title: 'Other systems', holds: ({ title }) => title.includes('-like') },
  { title: 'Teaching models', holds: ({ title }) => title.includes('teaching model') },
  { title: 'Textbook policies', holds: () => true },
]

/** The catalogue by kind, Windows first; a heap stands in the first group that holds it. */
export function heapGroups(definitions: readonly HeapDefinition[] = heapDefinitions): HeapGroup[] {
  const groupOf = (heap: HeapDefinition): number => GROUPS.findIndex(({ holds }) => holds(heap))
  return GROUPS.map(({ title }, at) => ({ title, heaps: definitions.filter((heap) => groupOf(heap) === at) })).filter(({ heaps }) => heaps.length > 0)
}

export const choiceOf = (heap: HeapDefinition, profile = heap.defaultProfile): string => `${heap.id}/${profile}`

/** Every choice in the order of the groups, so that the same set always gives the same plan and baseline. */
export const inOrder = (chosen: ReadonlySet<string>): string[] =>
  heapGroups().flatMap(({ heaps }) => heaps.flatMap((heap) => heap.profiles.map(({ id }) => choiceOf(heap, id)))).filter((choice) => chosen.has(choice))

/** `first-fit/csapp` -> `First fit · Textbook, 32-bit (header and footer)`; the profile only where the heap has several. */
export function choiceTitle(choice: string): string {
  const [heapId, profileId] = choice.split('/')
  const heap = heapDefinitions.find(({ id }) => id === heapId)
  if (heap === undefined) return choice
  const profile = heap.profiles.find(({ id }) => id === profileId)
  return heap.profiles.length === 1 || profile === undefined ? heap.title : `${heap.title} · ${profile.title}`
}

/** One parameter and the values to try, as typed. */
export interface ValueRow {
  readonly name: string
  readonly text: string
}

export interface KnownParameter extends ParameterDefinition {
  /** Titles of the chosen heaps that have it. */
  readonly heaps: readonly string[]
}

/** Parameters of the chosen heaps, those that most of them have first. */
export function parametersOf(chosen: ReadonlySet<string>): KnownParameter[] {
  const found = new Map<string, KnownParameter>()
  const heapIds = new Set([...chosen].map((choice) => choice.split('/')[0]))
  for (const heap of heapDefinitions) {
    if (!heapIds.has(heap.id)) continue
    for (const parameter of heap.parameters) {
      const known = found.get(parameter.name)
      found.set(parameter.name, known === undefined ? { ...parameter, heaps: [heap.title] } : { ...known, heaps: [...known.heaps, heap.title] })
    }
  }
  return [...found.values()].sort((a, b) => b.heaps.length - a.heaps.length)
}

/** `8, 16` -> `['8', '16']`. */
export const valuesOf = (text: string): string[] => [...new Set(text.split(/[,\s]+/).filter((value) => value !== ''))]

/** Values as the engine takes them; rows without values say nothing. */
export function typedValues(rows: readonly ValueRow[]): Record<string, string[]> {
  const values: Record<string, string[]> = {}
  for (const { name, text } of rows) {
    const list = valuesOf(text)
    if (name !== '' && list.length > 0) values[name] = [...new Set([...(values[name] ?? []), ...list])]
  }
  return values
}

/** Null while nothing can be asked: no trace or no heap is chosen. `inputs` are `document:d1` or `workload:G1`. */
export function setupOf(inputs: readonly string[], chosen: ReadonlySet<string>, rows: readonly ValueRow[]): SweepSetup | null {
  if (inputs.length === 0 || chosen.size === 0) return null
  return { inputs: inputs.map(inputOf), heaps: inOrder(chosen), values: typedValues(rows) }
}

export const inputOf = (input: string): SweepSetup['inputs'][number] => {
  const id = input.slice(input.indexOf(':') + 1)
  return input.startsWith('workload:') ? { workload: id } : { documentId: id }
}

/** What a new document starts with: every Windows heap in its usual profile, and two for contrast. */
export function usualChoices(): Set<string> {
  const windows = heapGroups().find(({ title }) => title === 'Windows')?.heaps ?? []
  const contrast = heapDefinitions.filter(({ id }) => id === 'best-fit' || id === 'tlsf')
  return new Set([...windows, ...contrast].map((heap) => choiceOf(heap)))
}
