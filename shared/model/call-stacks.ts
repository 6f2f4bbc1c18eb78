import { Column } from '../base/column'
import { NONE } from '../base/units'
import type { Violations } from './violations'

/*
 * Where in the program memory was asked for:
 *
 *   frames   module       function  file      line  address  inlined      one row per place in the code
 *            libc.so.6    getdelim  iogets.c  62    0x7f..   0
 *   stacks   frame  parent                                                a tree, one row per path
 *            0      -1        main
 *            7       0        main > run
 *            9       1        main > run > getdelim
 *
 * A path is its innermost row; its callers follow by `parent`, which always is a lower row, so that walking ends.
 */
export class FrameTable {
  readonly [Symbol.toStringTag] = 'FrameTable'
  /** "" where the source does not tell. */
  module: string[] = []
  function: string[] = []
  file: string[] = []
  /** From 1; 0 unknown. */
  readonly line = new Column('u32')
  /** Code address, -1 unknown. */
  readonly address = new Column('f64')
  /** 1 when the function was inlined into the caller's frame. */
  readonly inlined = new Column('u8')

  get length(): number {
    return this.function.length
  }

  /** Returns the new frame's row. */
  add(frame: { module?: string; function?: string; file?: string; line?: number; address?: number; inlined?: boolean }): number {
    this.module.push(frame.module ?? '')
    this.function.push(frame.function ?? '')
    this.file.push(frame.file ?? '')
    this.line.push(frame.line ?? 0)
    this.address.push(frame.address ?? NONE)
    this.inlined.push(frame.inlined === true ? 1 : 0)
    return this.function.length - 1
  }
}

export class StackTable {
  readonly [Symbol.toStringTag] = 'StackTable'
  readonly frame = new Column('u32')
  /** Row of the caller's path, -1 at the outermost frame. */
  readonly parent = new Column('i32')

  get length(): number {
    return this.frame.length
  }

  /** Returns the new path's row. */
  add(frame: number, parent: number): number {
    this.frame.push(frame)
    this.parent.push(parent)
    return this.frame.length - 1
  }
}

export class CallStacks {
  readonly [Symbol.toStringTag] = 'CallStacks'
  readonly frames = new FrameTable()
  readonly stacks = new StackTable()
}

/** `function`, or `module+0xaddress`, or `0xaddress`, or `?`: the shortest text that names a frame. */
export function frameName({ function: functions, module, address }: FrameTable, frame: number): string {
  if (functions[frame] !== '') return functions[frame]!
  const at = address.at(frame) >= 0 ? `0x${address.at(frame).toString(16)}` : ''
  const file = module[frame]!.slice(Math.max(module[frame]!.lastIndexOf('/'), module[frame]!.lastIndexOf('\\')) + 1)
  if (file === '') return at === '' ? '?' : at
  return at === '' ? file : `${file}@${at}`
}

/** The innermost frames of a path, innermost first: `malloc < readLine < main`; frames left out are not told. */
export function stackName({ frames, stacks }: CallStacks, row: number, depth: number): string {
  const names: string[] = []
  for (let at = row; at >= 0 && names.length < depth; at = stacks.parent.at(at)) names.push(frameName(frames, stacks.frame.at(at)))
  return names.join(' < ')
}

/** Adds what is wrong with the tables to `found`. */
export function checkCallStacks({ frames, stacks }: CallStacks, found: Violations): void {
  const { line, address, inlined, module, file } = frames
  for (const [name, { length }] of Object.entries({ line, address, inlined, module, file })) {
    if (length !== frames.length) found.add(`frame column ${name} has ${length} rows, function has ${frames.length}`)
  }
  if (stacks.parent.length !== stacks.length) found.add(`stack column parent has ${stacks.parent.length} rows, frame has ${stacks.length}`)
  for (let row = 0; row < stacks.length && row < stacks.parent.length; row++) {
    const parent = stacks.parent.at(row)
    if (stacks.frame.at(row) >= frames.length) found.add(`stack ${row} names frame ${stacks.frame.at(row)} of ${frames.length}`)
    if (parent < NONE || parent >= row) found.add(`stack ${row} names parent ${parent}, expected a lower row or -1`)
  }
}
