import type { ByteSource } from '../../base/byte-source'
import { HeapscapeError } from '../../base/errors'
import type { JobContext } from '../../base/job-context'

/** One start tag with its attributes, entities resolved. */
export interface Tag {
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
}

const PIECE_BYTES = 256 * 1024
/** Paths of 32,767 characters are the longest Windows knows. */
const LONGEST_TAG = 256 * 1024
const TAG = /^<([A-Za-z_][\w.:-]*)((?:\s+[\w.:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*\/?>$/
const ATTRIBUTE = /([\w.:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

const plainText = (text: string): string =>
  text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (whole, decimal: string | undefined, hex: string | undefined, name: string | undefined) => {
    if (name !== undefined) return ENTITIES[name] ?? whole
    const code = decimal !== undefined ? Number(decimal) : Number.parseInt(hex!, 16)
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })

/** The tag a text from `<` to `>` is; undefined for what is none: end tags, comments, declarations, damage. */
export function tagOf(text: string): Tag | undefined {
  const match = TAG.exec(text)
  if (match === null) return undefined
  const attributes = new Map<string, string>()
  for (const [, name, double, single] of match[2]!.matchAll(ATTRIBUTE)) attributes.set(name!, plainText(double ?? single ?? ''))
  return { name: match[1]!, attributes }
}

/**
 * Hands over every `<...>` of an XML text with its byte-independent line; false when the text ends inside one. The file is
 * read in pieces. Comments are taken for tags and make no sense to `tagOf`. Throws format-malformed for a tag beyond 256 KiB.
 */
export async function eachTag(source: ByteSource, job: JobContext, take: (text: string, line: number) => void): Promise<boolean> {
  const decoder = new TextDecoder()
  let rest = ''
  let line = 1
  for (let at = 0; at < source.size; at += PIECE_BYTES) {
    rest += decoder.decode(source.read(at, PIECE_BYTES), { stream: true })
    let from = 0
    for (;;) {
      const start = rest.indexOf('<', from)
      const end = start < 0 ? -1 : rest.indexOf('>', start)
      if (end < 0) break
      line += countLines(rest, from, start)
      take(rest.slice(start, end + 1), line)
      line += countLines(rest, start, end)
      from = end + 1
    }
    rest = rest.slice(from)
    if (rest.length > LONGEST_TAG) throw new HeapscapeError('format-malformed', { expected: 'a tag', got: 'none in 256 KiB' }, { line })
    job.progress({ done: Math.min(source.size, at + PIECE_BYTES), total: source.size, unit: 'bytes' })
    await job.checkpoint()
  }
  return !rest.includes('<')
}

function countLines(text: string, from: number, to: number): number {
  let count = 0
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) count++
  return count
}
