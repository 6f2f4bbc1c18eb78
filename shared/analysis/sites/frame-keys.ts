import { NONE } from '../../base/units'
import { frameName } from '../../model/call-stacks'
import type { TraceSites } from '../../model/trace'
import type { FrameText } from './site-filter'

/*
 * Frames that count as the same place get the same key:
 *
 *   detail `function`   module + function
 *   detail `line`       module + function + file + line
 *
 * so that two recordings of the same program meet, wherever the system loaded it. A frame without a function is told
 * apart by its address, unless two documents are held against each other: there addresses mean nothing, and all such
 * frames of a module are one.
 */
export type FrameDetail = 'function' | 'line'
export const FRAME_DETAILS = ['function', 'line'] as const satisfies readonly FrameDetail[]

/** Keys that are no frame of the program. */
export const UNKNOWN_KEY = 0
export const HEAP_KEY = 1
const FIRST_FRAME_KEY = 2
const SPECIAL_NAMES = ['(call site not recorded)', '(the heap itself)'] as const

export interface NamedFrame extends FrameText {
  /** Shortest text that names it. */
  readonly name: string
  readonly isInlined: boolean
}

const nothing = { module: '', function: '', file: '', line: 0, isInlined: false }

/** Keys of the frames of one or several documents, and what they are called. */
export class FrameKeys {
  readonly [Symbol.toStringTag] = 'FrameKeys'
  readonly #detail: FrameDetail
  readonly #byAddress: boolean
  readonly #keys = new Map<string, number>()
  /** Where a key was met first: which document, and the frame's row there, or -1 - site for sites that are mere texts. */
  readonly #inputs: TraceSites[] = []
  readonly #inputOf: number[] = [NONE, NONE]
  readonly #rowOf: number[] = [NONE, NONE]

  constructor(detail: FrameDetail, byAddress: boolean) {
    this.#detail = detail
    this.#byAddress = byAddress
  }

  get length(): number {
    return this.#rowOf.length
  }

  /** Key of every frame row of the document. */
  addFrames(sites: TraceSites): Int32Array {
    const frames = sites.calls?.tables.frames
    const keys = new Int32Array(frames?.length ?? 0)
    if (frames === undefined) return keys
    const input = this.#inputs.push(sites) - 1
    for (let row = 0; row < keys.length; row++) {
      const name = frames.function[row]!
      const place = name === '' && this.#byAddress ? `@${frames.address.at(row)}` : name
      const line = this.#detail === 'line' ? `\0${frames.file[row]!}\0${frames.line.at(row)}` : ''
      keys[row] = this.#keyOf(`${frames.module[row]!}\0${place}${line}`, input, row)
    }
    return keys
  }

  /** Key of a site that is a mere text: it stands for a frame of that name. */
  addNames(sites: TraceSites): (site: number) => number {
    const input = this.#inputs.push(sites) - 1
    return (site) => this.#keyOf(`\0\0\0${sites.names[site]!}`, input, NONE - site)
  }

  frame(key: number): NamedFrame {
    if (key < FIRST_FRAME_KEY) return { ...nothing, name: SPECIAL_NAMES[key] ?? '' }
    const sites = this.#inputs[this.#inputOf[key]!]!
    const row = this.#rowOf[key]!
    if (row < 0) {
      const name = sites.names[NONE - row]!
      return { ...nothing, function: name, name }
    }
    const { frames } = sites.calls!.tables
    const hasLine = this.#detail === 'line'
    const unnamedName = this.#byAddress ? frameName(frames, row) : unresolved(frames.module[row]!)
    return {
      module: frames.module[row]!,
      function: frames.function[row]!,
      file: frames.file[row]!,
      line: hasLine ? frames.line.at(row) : 0,
      isInlined: frames.inlined.at(row) === 1,
      name: frames.function[row] === '' ? unnamedName : frames.function[row]!,
    }
  }

  #keyOf(text: string, input: number, row: number): number {
    const known = this.#keys.get(text)
    if (known !== undefined) return known
    const key = this.length
    this.#keys.set(text, key)
    this.#inputOf.push(input)
    this.#rowOf.push(row)
    return key
  }
}

const unresolved = (module: string): string => `${module === '' ? '?' : module.slice(module.search(/[^/\\]*$/))} (no symbols)`
