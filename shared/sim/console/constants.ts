import { flagSets } from '../win32/constants'

/** Values a script can name that are no flags. */
const PLAIN = { NULL: 0, TRUE: 1, FALSE: 0 } as const

export interface NamedConstant {
  readonly name: string
  readonly value: number
  /** Sets of flags it belongs to; none: it fits everywhere. */
  readonly sets: readonly string[]
}

/**
 * A parameter's set, and those whose flags are joined with it: CreateFileMapping takes SEC_* with PAGE_*, and the C
 * headers let GMEM_* and LMEM_* that mean the same stand for one another.
 */
const JOINED: Readonly<Record<string, readonly string[]>> = {
  Protection: ['Protection', 'SectionFlag'],
  GlobalFlag: ['GlobalFlag', 'LocalFlag'],
  LocalFlag: ['LocalFlag', 'GlobalFlag'],
}

export const setsOf = (set: string): readonly string[] => JOINED[set] ?? [set]

export const namedConstants: readonly NamedConstant[] = [
  ...Object.entries(PLAIN).map(([name, value]) => ({ name, value, sets: [] })),
  ...Object.entries(flagSets).flatMap(([set, flags]) => Object.entries(flags).map(([name, value]) => ({ name, value, sets: [set] }))),
]

const BY_NAME = new Map(namedConstants.map((known) => [known.name, known]))

export const findConstant = (name: string): NamedConstant | undefined => BY_NAME.get(name)

/** Names of a set's flags that make up the value, joined by |; undefined when some bit has no name. */
export function flagText(set: string, value: number): string | undefined {
  const flags = namedConstants.filter((known) => known.sets.includes(set))
  const exact = flags.find((known) => known.value === value)
  if (exact !== undefined) return exact.name
  let left = value
  const names: string[] = []
  for (const flag of flags) {
    if (flag.value === 0 || (left & flag.value) !== flag.value) continue
    names.push(flag.name)
    left &= ~flag.value
  }
  return left === 0 && names.length > 0 ? names.join(' | ') : undefined
}
