import type { ByteSource } from '../../base/byte-source'
import { HeapscapeError } from '../../base/errors'
import type { Bytes } from '../../base/units'

/*
 * A console's script as a file (.heapscript): the lines as they are typed, UTF-8. The first line may say which heap the
 * console gets; for the script itself it is a comment, so lines have the same numbers in the file and in the window:
 *
 *   #! heapscape-script heap=0x1000,0          initial and maximum bytes for HeapCreate; maximum 0 = growable
 *   p = HeapAlloc(heap, 0, 100)
 */
export interface ScriptFile {
  /** Lines, the first one included, without a line end behind the last. */
  readonly text: string
  readonly initialBytes: Bytes
  readonly maximumBytes: Bytes
}

export const SCRIPT_EXTENSION = 'heapscript'

/** A page at first, growable: what a console gets when nothing else is said. */
const USUAL = { initialBytes: 0x1000, maximumBytes: 0 }
const MARK = '#! heapscape-script'
const HEADER = /^#! heapscape-script(?: heap=(0x[\da-f]+|\d+),(0x[\da-f]+|\d+))?[ \t]*$/i
/** Some 300,000 lines; a console keeps each with what it did. */
const MOST_BYTES: Bytes = 16_000_000
const LARGEST_HEAP: Bytes = 2 ** 47

/** By content: the mark of a script file. A script without it is told by its name (`isScriptName`). */
export const isScriptHead = (head: Uint8Array): boolean => new TextDecoder('latin1').decode(head.subarray(0, MARK.length)) === MARK
export const isScriptName = (name: string): boolean => name.toLowerCase().endsWith(`.${SCRIPT_EXTENSION}`)

/** @throws HeapscapeError `input-too-large`; `format-malformed` for a first line that begins like one and is none, and for bytes that are no text */
export function readScriptFile(source: ByteSource): ScriptFile {
  if (source.size > MOST_BYTES) throw new HeapscapeError('input-too-large', { expected: `at most ${MOST_BYTES} bytes of script`, got: source.size })
  const text = decode(source.read(0, source.size)).replace(/\r\n/g, '\n').replace(/\n$/, '')
  const first = text.split('\n', 1)[0]!
  if (!first.startsWith(MARK)) return { text, ...USUAL }
  const [, initial, maximum] = HEADER.exec(first) ?? []
  if (!HEADER.test(first)) throw malformed(`"${first}"`)
  const sizes = initial === undefined ? USUAL : { initialBytes: Number(initial), maximumBytes: Number(maximum) }
  if (Math.max(sizes.initialBytes, sizes.maximumBytes) > LARGEST_HEAP) throw malformed('a heap larger than any address space')
  return { text, ...sizes }
}

/** The file's text: the sizes stand in its first line. */
export function scriptFileText({ text, initialBytes, maximumBytes }: ScriptFile): string {
  const header = `${MARK} heap=0x${initialBytes.toString(16)},${maximumBytes === 0 ? '0' : `0x${maximumBytes.toString(16)}`}`
  const lines = text.split('\n')
  return `${[header, ...(lines[0]!.startsWith(MARK) ? lines.slice(1) : lines)].join('\n')}\n`
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new HeapscapeError('format-malformed', { expected: 'a script in UTF-8', got: 'other bytes' })
  }
}

const malformed = (got: string): HeapscapeError => new HeapscapeError('format-malformed', { expected: `"${MARK} heap=INITIAL,MAXIMUM"`, got }, { line: 1 })
