import { writeSync } from 'node:fs'
import type { Failure } from '../../shared/base/errors'

/** Where a command's words go. */
export interface Output {
  /** The result: all that goes to stdout. */
  result(text: string): void
  /** Errors, a line each: stderr. */
  failure(failure: Failure): void
  /** What the user must know although the command did its work, a line each: stderr. */
  warning?(text: string): void
}

/** Written synchronously, so that a pipe gets all of it before the process ends. */
export const processOutput: Output = {
  result: (text) => writeAll(1, `${text}\n`),
  failure: (failure) => writeAll(2, `${failureLine(failure)}\n`),
  warning: (text) => writeAll(2, `heapscape: ${text}\n`),
}

export const jsonText = (value: unknown): string => JSON.stringify(value, null, 2)

/** An error as one line for people: code, place, text; below it what was tried, when that is known. */
export function failureLine({ code, text, facts, where }: Failure): string {
  const place = [where?.file, where?.line === undefined ? undefined : `line ${where.line}`, where?.offset === undefined ? undefined : `offset ${where.offset}`]
  const parts = place.filter((part) => part !== undefined)
  const tried = typeof facts['tried'] === 'string' ? `\n  ${facts['tried'].replaceAll('\n', '\n  ')}` : ''
  return `heapscape: ${code}${parts.length > 0 ? ` (${parts.join(', ')})` : ''}: ${text}${tried}`
}

function writeAll(descriptor: number, text: string): void {
  const bytes = Buffer.from(text)
  let written = 0
  while (written < bytes.length) {
    try {
      written += writeSync(descriptor, bytes, written)
    } catch (error) {
      // A full pipe whose reader is slow: try again; a reader that went away ends the output.
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') continue
      if ((error as NodeJS.ErrnoException).code === 'EPIPE') return
      throw error
    }
  }
}
