import { Column } from '../base/column'
import { NumberMap } from '../base/number-map'
import { NONE } from '../base/units'
import { CallStacks, stackName } from './call-stacks'
import { measureOf, type Measure, type MeasureInfo } from './profile'
import type { TraceSites } from './trace'

/** Innermost frames in a site's text; the stack has them all. */
const NAMED_FRAMES = 3
/** A path's key is its caller's row + 1 times this, plus its frame: exact below 2^53. */
const FRAMES_LIMIT = 2 ** 26

/** Gathers frames, paths and sites, each path once, and gives every site a row in each measure. */
export class SiteBuilder {
  readonly tables = new CallStacks()
  readonly #rowOfPath = new NumberMap()
  readonly #siteOfStack = new NumberMap()
  readonly #stackOfSite = new Column('i32')
  readonly #measures: Measure[] = []

  /** Number of sites so far. */
  get length(): number {
    return this.#stackOfSite.length
  }

  /** A measure over the sites; sites that are there already get 0. */
  measure(info: MeasureInfo): Measure {
    const measure = measureOf(info)
    for (let site = 0; site < this.length; site++) measure.values.push(0)
    this.#measures.push(measure)
    return measure
  }

  /** Row of the path `parent > frame`, made when it is new. */
  path(frame: number, parent: number): number {
    const key = (parent + 1) * FRAMES_LIMIT + frame
    const known = this.#rowOfPath.get(key)
    if (known >= 0) return known
    const row = this.tables.stacks.add(frame, parent)
    this.#rowOfPath.set(key, row)
    return row
  }

  /** Row of a path given as frames, innermost first; NONE for no frames. */
  pathOf(frames: ArrayLike<number>): number {
    let row: number = NONE
    for (let i = frames.length - 1; i >= 0; i--) row = this.path(frames[i]!, row)
    return row
  }

  /** The site of a path (NONE: the one site whose place is unknown), made with 0 in every measure when it is new. */
  site(stack: number): number {
    const known = this.#siteOfStack.get(stack + 1)
    if (known >= 0) return known
    const site = this.length
    this.#siteOfStack.set(stack + 1, site)
    this.#stackOfSite.push(stack)
    for (const { values } of this.#measures) values.push(0)
    return site
  }

  /** Adds to a site's figure. */
  add({ values }: Measure, site: number, value: number): void {
    values.set(site, values.at(site) + value)
  }

  /** The sites with their names; the builder is used up. */
  toSites(): TraceSites {
    const names: string[] = []
    for (let site = 0; site < this.length; site++) {
      const stack = this.#stackOfSite.at(site)
      names.push(stack === NONE ? '(unknown place)' : stackName(this.tables, stack, NAMED_FRAMES))
    }
    for (const { values } of this.#measures) values.trim()
    if (this.tables.stacks.length === 0) return { names }
    return { names, calls: { tables: this.tables, stackOf: this.#stackOfSite.trim() } }
  }
}
