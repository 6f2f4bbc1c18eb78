import type { FrameTable } from './call-stacks'

/** `0x48FB503: sqlite3Malloc (in /usr/lib/libsqlite3.so)`, `0x401136: main (app.c:12)`, `0x1: ???`. */
const PLACE = /^0x([0-9A-Fa-f]{1,16}): (.*?)(?: \((?:in (.+)|([^()]*):(\d+))\))?$/
const UNNAMED = '???'

/** Adds the frames Valgrind's tools name, each text once. */
export class ValgrindFrames {
  readonly #frames: FrameTable
  readonly #rows = new Map<string, number>()

  constructor(frames: FrameTable) {
    this.#frames = frames
  }

  /** Row of the frame; a text of another form is a function's name. */
  rowOf(text: string): number {
    const known = this.#rows.get(text)
    if (known !== undefined) return known
    const row = this.#frames.add(frameOf(text))
    this.#rows.set(text, row)
    return row
  }
}

function frameOf(text: string): Parameters<FrameTable['add']>[0] {
  const match = PLACE.exec(text)
  if (match === null) return { function: text }
  const [, address, name, module = '', file = '', line = '0'] = match
  const at = parseInt(address!, 16)
  const row = Number(line)
  return {
    function: name === UNNAMED ? '' : name!,
    module,
    file,
    line: row <= 0xffffffff ? row : 0,
    ...(Number.isSafeInteger(at) ? { address: at } : {}),
  }
}
