import { PAGE_BYTES, type Bytes } from '../../../base/units'

export interface SlabClassRules {
  /** Object sizes: powers of two, or those and the sizes half-way above 64 and 128. */
  readonly classes: 'powers' | 'powers-96-192'
  readonly smallest: Bytes
  readonly largest: Bytes
  /** Bytes of a slab that its own record takes. */
  readonly slabHeader: Bytes
  /** A slab gets as many pages as hold this many objects ... */
  readonly objectsMin: number
  /** ... but no more than this. */
  readonly slabMost: Bytes
}

/** One cache: its objects and its slabs. */
export interface SlabClass {
  readonly objectBytes: Bytes
  readonly slabBytes: Bytes
  readonly objects: number
}

/** Caches by size, smallest first. */
export function slabClasses(rules: SlabClassRules): SlabClass[] {
  const sizes: Bytes[] = []
  for (let size = rules.smallest; size <= rules.largest; size *= 2) {
    sizes.push(size)
    const between = size * 1.5
    if (rules.classes === 'powers-96-192' && (between === 96 || between === 192) && between <= rules.largest) sizes.push(between)
  }
  return sizes.map((objectBytes) => {
    let slabBytes = PAGE_BYTES
    while ((slabBytes - rules.slabHeader < objectBytes || Math.floor((slabBytes - rules.slabHeader) / objectBytes) < rules.objectsMin) && slabBytes < rules.slabMost) slabBytes *= 2
    return { objectBytes, slabBytes, objects: Math.floor((slabBytes - rules.slabHeader) / objectBytes) }
  })
}

/** Number of the cache for each request from 0 to the largest, in steps of 8 bytes. */
export function classTable(classes: readonly SlabClass[]): Uint8Array {
  const largest = classes[classes.length - 1]!.objectBytes
  const table = new Uint8Array(Math.ceil(largest / 8) + 1)
  for (let step = 0, number = 0; step < table.length; step++) {
    while (classes[number]!.objectBytes < step * 8) number++
    table[step] = number
  }
  return table
}
