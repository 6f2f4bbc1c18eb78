import { Column } from '../../base/column'
import { Profile, type Measure } from '../../model/profile'
import { SiteBuilder } from '../../model/profile-builder'
import type { Origin } from '../../model/trace'
import { UmdhFrames } from './frames'

/** `+    5320 (   f110 -    9df0)     3a allocs\tBackTrace00053`: change (new - old), blocks in the new log. */
export const DIFF_ENTRY = /^([+-]) *([0-9A-Fa-f]{1,14}) *\( *([0-9A-Fa-f]{1,14}) *- *([0-9A-Fa-f]{1,14})\) *([0-9A-Fa-f]{1,14}) allocs\s+BackTrace([0-9A-Fa-f]{1,16})$/

const FIGURES = ['change', 'newBytes', 'oldBytes', 'newBlocks'] as const
type Figure = (typeof FIGURES)[number]

/** The comparison of two logs. Whether its figures are hexadecimal shows only when all are read, so both readings are kept. */
export class DiffTables {
  readonly #sites = new SiteBuilder()
  readonly #frames = new UmdhFrames(this.#sites.tables.frames)
  readonly #hexadecimal = columns()
  readonly #decimal = columns()
  readonly #paths: number[][] = []
  readonly #ids: string[] = []
  /** True while every figure can be decimal, and while the changes come out right in hexadecimal and in decimal. */
  #hasOnlyDigits = true
  #fitsHexadecimal = true
  #fitsDecimal = true
  #total: string | undefined

  get entries(): number {
    return this.#ids.length
  }

  get hasTotal(): boolean {
    return this.#total !== undefined
  }

  get isBaseAssumed(): boolean {
    return this.#hasOnlyDigits && this.#fitsHexadecimal === this.#fitsDecimal
  }

  begin([, sign, ...rest]: RegExpExecArray): void {
    const texts = rest.slice(0, 4)
    const signed = (values: number[]): number[] => [sign === '-' ? -values[0]! : values[0]!, ...values.slice(1)]
    const hexadecimal = signed(texts.map((text) => parseInt(text, 16)))
    const decimal = signed(texts.map((text) => (/^\d+$/.test(text) ? Number(text) : 0)))
    if (texts.some((text) => /\D/.test(text))) this.#hasOnlyDigits = false
    if (hexadecimal[1]! - hexadecimal[2]! !== hexadecimal[0]) this.#fitsHexadecimal = false
    if (decimal[1]! - decimal[2]! !== decimal[0]) this.#fitsDecimal = false
    FIGURES.forEach((figure, i) => {
      this.#hexadecimal[figure].push(hexadecimal[i]!)
      this.#decimal[figure].push(decimal[i]!)
    })
    this.#ids.push(rest[4]!)
    this.#paths.push([])
  }

  addFrame(text: string): void {
    this.#paths.at(-1)?.push(this.#frames.rowOf(text))
  }

  setTotal(text: string, isDecrease: boolean): void {
    this.#total = isDecrease && !text.startsWith('-') ? `-${text}` : text
  }

  toProfile(origin: Origin): Profile {
    const isDecimal = this.#hasOnlyDigits && this.#fitsDecimal && !this.#fitsHexadecimal
    const figures = isDecimal ? this.#decimal : this.#hexadecimal
    const total = this.#total === undefined ? NaN : parseInt(this.#total, isDecimal ? 10 : 16)
    const measures = this.#measures(total)
    for (const [entry, path] of this.#paths.entries()) {
      const frames = path.length > 0 ? path : [this.#frames.rowOf(`BackTrace${this.#ids[entry]!}`)]
      const site = this.#sites.site(this.#sites.pathOf(frames))
      for (const figure of FIGURES) this.#sites.add(measures[figure], site, figures[figure].at(entry))
    }
    return new Profile({ origin: { ...origin, units: { sizes: isDecimal ? 'bytes, decimal' : 'bytes, hexadecimal', times: null } }, sites: this.#sites.toSites(), measures: FIGURES.map((figure) => measures[figure]) })
  }

  #measures(total: number): Record<Figure, Measure> {
    const measure = (id: string, unit: string, definition: string): Measure => this.#sites.measure({ id, unit, basis: 'exact', additive: true, definition })
    const change = measure('live-bytes-change', 'bytes', 'Live bytes of the newer log less those of the older one.')
    return {
      change: Number.isFinite(total) ? { ...change, statedTotal: total } : change,
      newBytes: measure('live-bytes', 'bytes', 'Bytes live in the newer log.'),
      oldBytes: measure('live-bytes-before', 'bytes', 'Bytes live in the older log.'),
      newBlocks: measure('live-blocks', 'blocks', 'Blocks live in the newer log.'),
    }
  }
}

function columns(): Record<Figure, Column> {
  return { change: new Column('f64'), newBytes: new Column('f64'), oldBytes: new Column('f64'), newBlocks: new Column('f64') }
}
