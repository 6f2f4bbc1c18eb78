import { MOST_MESSAGE_BYTES, messageBytes } from './message-size'

/*
 * An answer larger than a message may be, as many small ones: each says where in the answer it belongs.
 *
 *   { name: 'a', rows: [300,000 rows], bytes: Uint8Array(9 MB) }
 *
 *   at []          value {}
 *   at []          members { name }
 *   at [rows]      value []
 *   at [rows]      items [...]       as often as needed; a large row comes in parts of its own, at [rows, 17]
 *   at [bytes]     begin Uint8Array of 9 MB
 *   at [bytes]     offset 0, bytes ...
 *
 * A port keeps the order of messages, so parts need no number. Any window may have to show such an answer, so no part takes
 * its thread for long: a quarter of what a message may hold.
 */
export const PART_BYTES = MOST_MESSAGE_BYTES / 4

const ARRAY_TYPES = { Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array } as const
type ArrayName = keyof typeof ARRAY_TYPES
type NumberArray = InstanceType<(typeof ARRAY_TYPES)[ArrayName]>
type Place = readonly (string | number)[]

export type AnswerPart = { readonly at: Place } & (
  | { readonly value: unknown }
  | { readonly members: Readonly<Record<string, unknown>> }
  | { readonly items: readonly unknown[] }
  | { readonly text: string }
  | { readonly begin: ArrayName; readonly length: number }
  | { readonly offset: number; readonly bytes: Uint8Array }
)

/** Plain objects, arrays, texts, numbers and arrays of numbers, each part at most PART_BYTES and a little. */
export function* partsOf(value: unknown, at: Place = []): Generator<AnswerPart, void, void> {
  if (messageBytes(value) <= PART_BYTES || value === null || (typeof value !== 'object' && typeof value !== 'string')) yield { at, value }
  else if (typeof value === 'string') yield* textParts(value, at)
  else if (ArrayBuffer.isView(value)) yield* numberParts(value as NumberArray, at)
  else if (Array.isArray(value)) yield* itemParts(value, at)
  else yield* memberParts(value as Readonly<Record<string, unknown>>, at)
}

function* textParts(text: string, at: Place): Generator<AnswerPart, void, void> {
  yield { at, value: '' }
  for (let from = 0; from < text.length; from += PART_BYTES / 2) yield { at, text: text.slice(from, from + PART_BYTES / 2) }
}

function* numberParts(numbers: NumberArray, at: Place): Generator<AnswerPart, void, void> {
  yield { at, begin: numbers.constructor.name as ArrayName, length: numbers.length }
  const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength)
  // A copy: of a view, the whole buffer behind it would be sent.
  for (let offset = 0; offset < bytes.length; offset += PART_BYTES) yield { at, offset, bytes: bytes.slice(offset, offset + PART_BYTES) }
}

function* itemParts(items: readonly unknown[], at: Place): Generator<AnswerPart, void, void> {
  yield { at, value: [] }
  let [waiting, waitingBytes]: [unknown[], number] = [[], 0]
  for (const [index, item] of items.entries()) {
    const bytes = messageBytes(item)
    if (waiting.length > 0 && waitingBytes + bytes > PART_BYTES) {
      yield { at, items: waiting }
      ;[waiting, waitingBytes] = [[], 0]
    }
    if (bytes > PART_BYTES) yield* partsOf(item, [...at, index])
    else {
      waiting.push(item)
      waitingBytes += bytes
    }
  }
  if (waiting.length > 0) yield { at, items: waiting }
}

function* memberParts(object: Readonly<Record<string, unknown>>, at: Place): Generator<AnswerPart, void, void> {
  yield { at, value: {} }
  let [waiting, waitingBytes]: [Record<string, unknown>, number] = [{}, 0]
  for (const [key, member] of Object.entries(object)) {
    const bytes = messageBytes(member)
    if (waitingBytes + bytes > PART_BYTES) {
      // Also before a large one: members keep their order.
      yield { at, members: waiting }
      ;[waiting, waitingBytes] = [{}, 0]
    }
    if (bytes > PART_BYTES) yield* partsOf(member, [...at, key])
    else {
      waiting[key] = member
      waitingBytes += bytes
    }
  }
  yield { at, members: waiting }
}

type Holder = Record<string | number, unknown>

/** Puts an answer together again. */
export class JoinedAnswer {
  readonly #root: Holder = {}

  get value(): unknown {
    return this.#root['']
  }

  take(part: AnswerPart): void {
    const way: Place = ['', ...part.at]
    const last = way.at(-1)!
    let holder = this.#root
    for (const key of way.slice(0, -1)) holder = holder[key] as Holder
    if ('value' in part) holder[last] = part.value
    else if ('begin' in part) holder[last] = new ARRAY_TYPES[part.begin](part.length)
    else if ('text' in part) holder[last] = (holder[last] as string) + part.text
    else if ('members' in part) Object.assign(holder[last] as Holder, part.members)
    else if ('items' in part) for (const item of part.items) (holder[last] as unknown[]).push(item)
    else {
      const { buffer } = holder[last] as NumberArray
      new Uint8Array(buffer).set(part.bytes, part.offset)
    }
  }
}
