import { Column } from '../../base/column'
import { BAD_NUMBER, type LineCursor, NO_NUMBER } from '../../base/line-cursor'
import { NumberMap } from '../../base/number-map'
import { NONE } from '../../base/units'
import { CallStacks, stackName } from '../../model/call-stacks'
import type { TraceSites } from '../../model/trace'
import { ModuleMap } from './module-map'

/** Innermost frames in a site's text; the stack has them all. */
const NAMED_FRAMES = 3
const MODULE_OF_PROGRAM = 'x'

/**
 * The records that say where memory was asked for. They refer to one another by number from 1, 0 is none:
 *
 *   s LENGTH TEXT                                  text (without LENGTH in version 2)
 *   i ADDRESS MODULE [FUNCTION FILE LINE]...       instruction; more than one place where functions were inlined, innermost first
 *   t INSTRUCTION CALLER                           one step of a stack (interpreted)
 *   t ADDRESS CALLER                               the same in a raw file, whose addresses are found in the `m` records
 *
 * Each method answers whether the record made sense.
 */
export class CallRecords {
  readonly #tables = new CallStacks()
  readonly #texts: string[] = ['']
  readonly #modules = new ModuleMap()
  #program = ''
  /** Frames of instruction i are [#firstFrame[i], #firstFrame[i + 1]), outermost first. */
  readonly #firstFrame = Column.of('u32', [0, 0])
  readonly #frameAt = new NumberMap()
  /** Row in the stack table of each step; step 0 is none. */
  readonly #stackOfStep = Column.of('i32', [NONE])
  /** Site of each step, -1 until an allocation asks for it. */
  readonly #siteOfStep = Column.of('i32', [NONE])
  readonly #stackOfSite = new Column('i32')

  text(line: LineCursor, sized: boolean): boolean {
    if (sized && line.hex() < 0) return false
    if (line.at < line.end) line.at++
    this.#texts.push(line.rest())
    return true
  }

  program(line: LineCursor, sized: boolean): boolean {
    if (sized && line.hex() < 0) return false
    if (line.at < line.end) line.at++
    this.#program = line.rest()
    return true
  }

  module(line: LineCursor, sized: boolean): boolean {
    const length = sized ? line.hex() : 0
    line.skipBlanks()
    if (length < 0 || length > line.end - line.at) return false
    const name = sized ? lineText(line, length) : line.word()
    if (line.atEnd) {
      if (name !== '-') return false
      this.#modules.clear()
      return true
    }
    const base = line.hex()
    if (base < 0) return false
    for (let offset = line.hex(); offset !== NO_NUMBER; offset = line.hex()) {
      const bytes = line.hex()
      if (offset < 0 || bytes < 0) return false
      this.#modules.add(name === MODULE_OF_PROGRAM ? this.#program : name, base + offset, bytes)
    }
    return true
  }

  instruction(line: LineCursor): boolean {
    const address = line.hex()
    const module = line.hex()
    if (address < 0 || module === BAD_NUMBER || module >= this.#texts.length) return false
    const places: { function: string; file: string; line: number }[] = []
    for (let name = line.hex(); name !== NO_NUMBER; name = line.hex()) {
      const file = line.hex()
      const number = line.hex()
      // A symbol without debug information stands alone, without file and line.
      const alone = file === NO_NUMBER
      if (name < 0 || name >= this.#texts.length || file === BAD_NUMBER || file >= this.#texts.length || (number < 0 && !alone)) return false
      places.push({ function: this.#texts[name]!, file: this.#texts[Math.max(file, 0)]!, line: Math.max(number, 0) })
    }
    const shared = { address, module: this.#texts[Math.max(module, 0)]! }
    if (places.length === 0) this.#tables.frames.add(shared)
    for (let i = places.length - 1; i >= 0; i--) this.#tables.frames.add({ ...shared, ...places[i]!, inlined: i < places.length - 1 })
    this.#firstFrame.push(this.#tables.frames.length)
    return true
  }

  step(line: LineCursor, raw: boolean): boolean {
    const instruction = line.hex()
    const caller = line.hex()
    if (instruction < 0 || caller < 0 || caller >= this.#stackOfStep.length) return false
    if (!raw && (instruction === 0 || instruction >= this.#firstFrame.length - 1)) return false
    let row = this.#stackOfStep.at(caller)
    const first = raw ? this.#rawFrame(instruction) : this.#firstFrame.at(instruction)
    const end = raw ? first + 1 : this.#firstFrame.at(instruction + 1)
    for (let frame = first; frame < end; frame++) row = this.#tables.stacks.add(frame, row)
    this.#stackOfStep.push(row)
    this.#siteOfStep.push(NONE)
    return true
  }

  /** A record without sense keeps its number, so that later ones still mean what they say. */
  keepNumber(letter: string): void {
    if (letter === 's') this.#texts.push('')
    else if (letter === 'i') this.#firstFrame.push(this.#tables.frames.add({}) + 1)
    else if (letter === 't') {
      this.#stackOfStep.push(NONE)
      this.#siteOfStep.push(NONE)
    }
  }

  /** Number of the site that stands for a step; -1 for none, BAD_NUMBER when the step does not exist. */
  siteOf(step: number): number {
    if (step < 0 || step >= this.#stackOfStep.length) return BAD_NUMBER
    const stack = this.#stackOfStep.at(step)
    const known = this.#siteOfStep.at(step)
    if (known >= 0 || stack < 0) return known
    const site = this.#stackOfSite.length
    this.#stackOfSite.push(stack)
    this.#siteOfStep.set(step, site)
    return site
  }

  toSites(): TraceSites {
    const names: string[] = []
    for (let site = 0; site < this.#stackOfSite.length; site++) names.push(stackName(this.#tables, this.#stackOfSite.at(site), NAMED_FRAMES))
    return { names, calls: { tables: this.#tables, stackOf: this.#stackOfSite.trim() } }
  }

  #rawFrame(address: number): number {
    const known = this.#frameAt.get(address)
    if (known >= 0) return known
    const frame = this.#tables.frames.add({ address, module: this.#modules.moduleAt(address) })
    this.#frameAt.set(address, frame)
    return frame
  }
}

function lineText(line: LineCursor, bytes: number): string {
  const end = line.end
  line.end = line.at + bytes
  const text = line.rest()
  line.end = end
  return text
}
