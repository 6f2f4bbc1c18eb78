import { HeapscapeError } from '../../base/errors'
import { PAGE_BYTES, roundUp } from '../../base/units'
import type { ParameterValue, RunRequest } from '../../model/run'
import type { HeapDefinition, ParameterDefinition } from './catalog'
import { heapDefinitions } from './definitions'

const ALIASES: Readonly<Record<string, string>> = {
  ff: 'first-fit',
  nf: 'next-fit',
  bf: 'best-fit',
  wf: 'worst-fit',
  lifo: 'lifo-fit',
  fifo: 'fifo-fit',
  seg: 'segregated',
  simpleseg: 'simple-segregated',
  nt31: 'kath-nt31',
  xp: 'nt-xp',
  nt: 'nt-lfh',
}

const POWERS_OF_TWO = new Set(['align', 'granule', 'small', 'pageBytes', 'segmentBytes', 'smallPage', 'mediumPage', 'slabMost'])

type Values = Record<string, ParameterValue>

/**
 * The whole request for a heap (id or alias such as `ff`), a profile (the heap's default when undefined) and values
 * that differ from the profile's; texts, as from a command line, are read as the parameter's type.
 * @throws HeapscapeError `heap-unknown`, `profile-unknown`, `parameter-unknown`, `parameter-invalid`
 */
export function resolveRequest(
  heap: string,
  profile: string | undefined,
  overrides: Readonly<Record<string, ParameterValue | string>>,
): RunRequest {
  const definition = findDefinition(heap)
  const profileId = profile ?? definition.defaultProfile
  const found = definition.profiles.find((known) => known.id === profileId)
  if (found === undefined) {
    throw new HeapscapeError('profile-unknown', { heap: definition.id, got: profileId, expected: list(definition.profiles.map((known) => known.id)) })
  }
  const values: Values = { ...found.values }
  for (const [name, value] of Object.entries(overrides)) {
    const parameter = definition.parameters.find((known) => known.name === name)
    if (parameter === undefined) {
      throw new HeapscapeError('parameter-unknown', { heap: definition.id, got: name, expected: list(definition.parameters.map((known) => known.name)) })
    }
    values[name] = readValue(parameter, value)
  }
  settle(values)
  settleField(values)
  return { heap: definition.id, profile: profileId, parameters: values }
}

const list = (names: readonly string[]): string => names.join(', ')

function findDefinition(heap: string): HeapDefinition {
  const id = ALIASES[heap] ?? heap
  const found = heapDefinitions.find((known) => known.id === id)
  if (found === undefined) throw new HeapscapeError('heap-unknown', { got: heap, expected: list(heapDefinitions.map((known) => known.id)) })
  return found
}

function readValue(parameter: ParameterDefinition, value: ParameterValue): ParameterValue {
  switch (parameter.type) {
    case 'integer':
      return readInteger(parameter, value)
    case 'boolean':
      if (value === true || value === 'true') return true
      if (value === false || value === 'false') return false
      throw invalid(parameter.name, 'true or false', value)
    case 'choice':
      if (parameter.choices?.includes(String(value)) === true) return String(value)
      throw invalid(parameter.name, `one of ${list(parameter.choices ?? [])}`, value)
  }
}

/** Decimal or 0x-hexadecimal. */
function readInteger(parameter: ParameterDefinition, value: ParameterValue): number {
  const { name, minimum = 0, maximum = Number.MAX_SAFE_INTEGER } = parameter
  const isWritten = typeof value === 'string' && /^(\d+|0x[\da-f]+)$/i.test(value)
  const number = typeof value === 'number' ? value : isWritten ? Number(value) : NaN
  if (!Number.isInteger(number) || number < minimum || number > maximum) {
    throw invalid(name, `a whole number from ${minimum} to ${maximum}`, value)
  }
  if (POWERS_OF_TWO.has(name) && !isPowerOfTwo(number)) throw invalid(name, 'a power of two', value)
  return number
}

/** Brings values that depend on one another in order; what cannot be is refused. */
function settle(values: Values): void {
  const { align, minBlock, splitMin, base, small, slLog, spacing, pageBytes } = values as Record<string, number | undefined>
  if (align !== undefined && minBlock !== undefined) {
    const least = roundUp(minBlock, align)
    values['minBlock'] = least
    values['base'] = roundUp(base!, align)
    if (splitMin === 0) values['splitMin'] = least
    else if (splitMin! < least) throw invalid('splitMin', `0 or at least the smallest block, ${least}`, splitMin!)
  }
  if (small !== undefined && (values['minBlock'] as number) <= (values['header'] as number)) {
    throw invalid('minBlock', `more than the header, ${String(values['header'])}`, values['minBlock']!)
  }
  if (small !== undefined && small < 2 ** slLog!) throw invalid('small', `at least 2 to the power of slLog, ${2 ** slLog!}`, small)
  if (pageBytes !== undefined) {
    if (!isPowerOfTwo(minBlock!)) throw invalid('minBlock', 'a power of two', minBlock!)
    if (!isPowerOfTwo(spacing!) || spacing! > minBlock!) throw invalid('spacing', `a power of two up to the smallest class, ${minBlock!}`, spacing!)
  }
}

/** Sizes of pages, classes and segments that must fit into one another. */
function settleField(values: Values): void {
  const { segmentBytes, segmentHeader, smallPage, mediumPage, smallMost, mediumMost, largeMost } = values as Record<string, number | undefined>
  if (segmentBytes !== undefined) {
    const record = roundUp(segmentHeader!, PAGE_BYTES)
    if (mediumPage! < smallPage! || segmentBytes < mediumPage!) throw invalid('segmentBytes', `at least the medium page, ${mediumPage!}, and that at least the small one, ${smallPage!}`, segmentBytes)
    const holds = (name: string, page: number, least: number): void => {
      const most = values[name] as number
      if (most < least || most > (page - record) / 2) throw invalid(name, `from ${least} to half of what a page holds, ${(page - record) / 2}`, most)
    }
    holds('smallMost', smallPage!, 8)
    holds('mediumMost', mediumPage!, smallMost!)
    if (largeMost! < mediumMost! || largeMost! > segmentBytes / 2) throw invalid('largeMost', `from ${mediumMost!} to half a segment, ${segmentBytes / 2}`, largeMost!)
  }
  const { smallest, largest, slabMost, slabHeader, colour } = values as Record<string, number | undefined>
  if (slabMost !== undefined) {
    if (!isPowerOfTwo(smallest!) || smallest! > largest!) throw invalid('smallest', `a power of two up to the largest object, ${largest!}`, smallest!)
    if (!isPowerOfTwo(largest!) || largest! > slabMost - slabHeader!) throw invalid('largest', `a power of two up to what a slab holds, ${slabMost - slabHeader!}`, largest!)
    if (colour! % 8 !== 0) throw invalid('colour', 'a multiple of 8', colour!)
  }
}

const isPowerOfTwo = (value: number): boolean => value >= 1 && Number.isInteger(Math.log2(value))

const invalid = (name: string, expected: string, got: ParameterValue): HeapscapeError =>
  new HeapscapeError('parameter-invalid', { name, expected, got })
