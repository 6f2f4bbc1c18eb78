import { writeSync } from 'node:fs'
import type { Failure } from '../../shared/base/errors'

/** The result of a command: the only thing that goes to stdout. Written synchronously, so that a pipe gets all of it before the process ends. */
export function printResult(text: string): void {
  writeAll(1, `${text}\n`)
}

export function printJson(value: unknown): void {
  printResult(JSON.stringify(value, null, 2))
}

/** An error as one line for people: code, place, text. */
export function printFailure({ code, text, where }: Failure): void {
  const place = [where?.file, where?.line === undefined ? undefined : `line ${where.line}`, where?.offset === undefined ? undefined : `offset ${where.offset}`]
  const parts = place.filter((part) => part !== undefined)
  writeAll(2, `heapscape: ${code}${parts.length > 0 ? ` (${parts.join(', ')})` : ''}: ${text}\n`)
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
