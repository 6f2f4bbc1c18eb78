import { HeapscapeError } from '../../../shared/base/errors'
import type { ParameterValue } from '../../../shared/model/run'
import { heapDefinitions, resolveRequest } from '../../../shared/sim/profiles'
import type { HeapDefinition, HeapProfile, ParameterDefinition } from '../../../shared/sim/profiles/catalog'
import { formatBytes, formatCount, parseSize } from '../../components/format'

/*
 * The form of one heap manager: which profile, and what the reader typed per parameter. Text that was not touched is
 * absent, so a change of profile shows the profile's own values.
 */
export interface HeapForm {
  readonly heap: string
  readonly profile: string
  readonly typed: Readonly<Record<string, string>>
}

export const findHeap = (id: string): HeapDefinition => heapDefinitions.find((definition) => definition.id === id) ?? heapDefinitions[0]!

export const findProfile = (form: HeapForm): HeapProfile => {
  const heap = findHeap(form.heap)
  return heap.profiles.find((profile) => profile.id === form.profile) ?? heap.profiles[0]!
}

export function newForm(heapId: string): HeapForm {
  const heap = findHeap(heapId)
  return { heap: heap.id, profile: heap.defaultProfile, typed: {} }
}

/** The value the profile gives, as the field shows it. */
export const defaultText = (form: HeapForm, parameter: ParameterDefinition): string => String(findProfile(form).values[parameter.name] ?? '')

export const shownText = (form: HeapForm, parameter: ParameterDefinition): string => form.typed[parameter.name] ?? defaultText(form, parameter)

/** Typed text that says the profile's own value again is no change. */
export function type(form: HeapForm, parameter: ParameterDefinition, text: string): HeapForm {
  const { [parameter.name]: _before, ...others } = form.typed
  const isDefault = text.trim() === defaultText(form, parameter)
  return { ...form, typed: isDefault ? others : { ...others, [parameter.name]: text } }
}

/** Above this a limit in bytes is told in binary units. */
const EXACT_BYTES = 65536

/** `16 to 4,096 bytes`, `1 to 64`, `0 B to 1 GiB`; null for what is chosen, not typed. */
export function rangeText({ type: kind, unit, minimum = 0, maximum }: ParameterDefinition): string | null {
  if (kind !== 'integer') return null
  const suffix = unit === 'bytes' ? ' bytes' : ''
  if (maximum === undefined) return `${formatCount(minimum)}${suffix} or more`
  if (unit === 'bytes' && maximum > EXACT_BYTES) return `${formatBytes(minimum)} to ${formatBytes(maximum)}`
  return `${formatCount(minimum)} to ${formatCount(maximum)}${suffix}`
}

/** What the simulator would get for the text; texts of sizes may carry a unit. */
function valueOf(parameter: ParameterDefinition, text: string): ParameterValue {
  const plain = text.trim()
  if (parameter.type === 'boolean') return plain === 'true'
  if (parameter.type === 'choice') return plain
  if (/^0x[\da-f]+$/i.test(plain)) return Number(plain)
  const number = parameter.unit === 'bytes' ? parseSize(plain) : /^[\d,_]+$/.test(plain) ? Number(plain.replace(/[,_]/g, '')) : null
  return number ?? plain
}

/** Values that differ from the profile's. */
export function overridesOf(form: HeapForm): Record<string, ParameterValue> {
  const { parameters } = findHeap(form.heap)
  return Object.fromEntries(parameters.flatMap((parameter) => {
    const text = form.typed[parameter.name]
    return text === undefined ? [] : [[parameter.name, valueOf(parameter, text)]]
  }))
}

/**
 * Problem per parameter name; '' holds one that belongs to no single parameter. The simulator's own rules decide, so
 * form and engine cannot disagree.
 */
export function problemsOf(form: HeapForm): Readonly<Record<string, string>> {
  const overrides = overridesOf(form)
  const problems: Record<string, string> = {}
  for (const [name, value] of Object.entries(overrides)) Object.assign(problems, refusal(form, { [name]: value }))
  // Each may be good alone and two not together.
  return Object.keys(problems).length > 0 ? problems : refusal(form, overrides)
}

function refusal(form: HeapForm, overrides: Readonly<Record<string, ParameterValue>>): Record<string, string> {
  try {
    resolveRequest(form.heap, form.profile, overrides)
    return {}
  } catch (error) {
    if (!(error instanceof HeapscapeError)) throw error
    const { name, expected, got } = error.facts
    return typeof name === 'string' ? { [name]: `Must be ${String(expected)}; got ${String(got)}.` } : { '': error.message }
  }
}
