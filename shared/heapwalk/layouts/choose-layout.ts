import { assert } from '../../base/assert'
import { type Bits, BUILD_KEYS, type BuildKey, type StructureLayout } from './structure-table'
import { STRUCTURES } from './structures'

/** Structures of one build and bitness. */
export class Layout {
  readonly bits: Bits
  readonly key: BuildKey
  readonly #structures: ReadonlyMap<string, StructureLayout>

  constructor(bits: Bits, key: BuildKey) {
    this.bits = bits
    this.key = key
    const all = Object.entries(STRUCTURES[bits === 64 ? 'x64' : 'x86'])
    const ofBuild = all.flatMap(([name, variants]) => {
      const variant = variants.find(({ builds }) => builds.includes(key))
      return variant === undefined ? [] : [[name, variant] as const]
    })
    this.#structures = new Map(ofBuild)
  }

  has(structure: string): boolean {
    return this.#structures.has(structure)
  }

  size(structure: string): number {
    return this.#structure(structure).size
  }

  offset(structure: string, member: string): number {
    const offset = this.optionalOffset(structure, member)
    assert(offset !== undefined, `${structure}.${member} is in the layout ${this.key} of ${this.bits} bits`)
    return offset
  }

  optionalOffset(structure: string, member: string): number | undefined {
    return this.#structures.get(structure)?.offsets[member]
  }

  /** Name, offset and bytes of each member in order of offset; of members at one offset the first named is kept. */
  members(structure: string): { readonly name: string; readonly offset: number; readonly bytes: number }[] {
    const { offsets, size } = this.#structure(structure)
    const sorted = Object.entries(offsets).sort(([, a], [, b]) => a - b)
    const distinct = sorted.filter(([, offset], i) => i === 0 || sorted[i - 1]![1] !== offset)
    return distinct.map(([name, offset], i) => ({ name, offset, bytes: (distinct[i + 1]?.[1] ?? Math.max(size, offset)) - offset }))
  }

  #structure(name: string): StructureLayout {
    const structure = this.#structures.get(name)
    assert(structure !== undefined, `${name} is in the layout ${this.key} of ${this.bits} bits`)
    return structure
  }
}

/** First build number of each layout; the source is the table of builds that comes with the offsets. */
export const FIRST_BUILD: Readonly<Record<BuildKey, number>> = {
  win7: 7600, win8: 9200, win81_rtm: 9600, win81: 9600, win10_1507: 10240, win10_1511: 10586, win10_1607: 14393, win10_1703: 15063, win10_1709: 16299,
  win10_1803: 17134, win10_1809: 17763, win10_1809_upd: 17763, win10_1903: 18362, win10_2004: 19041, win11_21H2: 22000, win11_22H2: 22621, win11_24H2: 26100,
}

const cache = new Map<string, Layout>()

export function layoutOf(bits: Bits, key: BuildKey): Layout {
  const id = `${bits} ${key}`
  const known = cache.get(id)
  if (known !== undefined) return known
  const layout = new Layout(bits, key)
  cache.set(id, layout)
  return layout
}

/** Every layout of a bitness that describes `structure`, oldest first. */
export function layoutsWith(bits: Bits, structure: string): Layout[] {
  return BUILD_KEYS.map((key) => layoutOf(bits, key)).filter((layout) => layout.has(structure))
}

/**
 * Layouts of a bitness in the order they are to be tried for a build: the newest that is not newer than the build, then
 * its neighbours, nearest first. Of two layouts of one build (8.1, 1809) the updated one comes first.
 */
export function layoutsByLikelihood(bits: Bits, build: number, structure: string): Layout[] {
  const known = layoutsWith(bits, structure)
  const best = known.reduce((found, layout, i) => (FIRST_BUILD[layout.key] <= build ? i : found), 0)
  return known.map((layout, i) => ({ layout, distance: Math.abs(i - best) })).sort((a, b) => a.distance - b.distance).map(({ layout }) => layout)
}

/** True when `key` is the layout of this very build, not that of a neighbour. */
export function isLayoutOfBuild(key: BuildKey, build: number): boolean {
  const first = FIRST_BUILD[key]
  const next = BUILD_KEYS.map((other) => FIRST_BUILD[other]).find((number) => number > first) ?? Infinity
  return build >= first && build < next
}
