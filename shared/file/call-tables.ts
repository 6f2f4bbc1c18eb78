import type { Column } from '../base/column'
import { HeapscapeError } from '../base/errors'
import { NONE } from '../base/units'
import { CallStacks, checkCallStacks } from '../model/call-stacks'
import type { TraceSites } from '../model/trace'
import { Violations } from '../model/violations'

/** Columns of one table by name; a table the document does not have has none. */
export type Contents = Readonly<Record<string, Column | readonly string[] | undefined>>

/** Tables of a file being read. */
export interface FileTables {
  /** All columns of a table that must be sound. Throws format-corrupt. */
  required(table: string): Promise<Contents>
  /** All columns of a table; undefined when the file has none, or a damaged one, which is then noted. */
  optional(table: string): Promise<Contents | undefined>
}

/** The tables `frames` and `stacks` behind call sites; nothing when sites are mere texts. */
export function callColumns(tables: CallStacks | undefined, table: string): Contents {
  if (tables === undefined) return {}
  return { ...(table === 'frames' ? tables.frames : tables.stacks) } as unknown as Contents
}

/** `stackOf` tells the path of each site; undefined when one of the three parts is missing or damaged. */
export async function readCalls(tables: FileTables, stackOf: Column | undefined): Promise<TraceSites['calls'] | undefined> {
  const frames = await tables.optional('frames')
  const stacks = await tables.optional('stacks')
  if (frames === undefined || stacks === undefined || stackOf === undefined) return undefined
  const calls = new CallStacks()
  Object.assign(calls.frames, frames)
  Object.assign(calls.stacks, stacks)
  return { tables: calls, stackOf }
}

/** Throws format-corrupt when paths and frames do not fit together. */
export function checkCalls(calls: TraceSites['calls'] | undefined): void {
  if (calls === undefined) return
  const found = new Violations()
  checkCallStacks(calls.tables, found)
  for (let site = 0; site < calls.stackOf.length; site++) {
    const stack = calls.stackOf.at(site)
    if (stack < NONE || stack >= calls.tables.stacks.length) found.add(`site ${site} names path ${stack} of ${calls.tables.stacks.length}`)
  }
  const [violation] = found.list
  if (violation !== undefined) throw new HeapscapeError('format-corrupt', { table: 'stacks', expected: 'sound call paths', got: violation })
}
