import { Column } from '../../base/column'
import { ProtobufCursor, WireType } from '../../base/protobuf'
import { signedVarint } from '../../base/protobuf-fields'

export interface ValueType {
  /** Rows in the list of texts. */
  readonly type: number
  readonly unit: number
}

export interface Location {
  readonly mapping: number
  /** -1 unknown. */
  readonly address: number
  /** Innermost first; more than one where functions were inlined. */
  readonly lines: readonly { readonly function: number; readonly line: number }[]
}

export interface FunctionText {
  readonly name: number
  readonly systemName: number
  readonly file: number
}

/*
 * The messages of a profile, by the numbers of their fields. Everything refers to everything by number, and texts come last,
 * so that all is kept until the end.
 */
export class Messages {
  readonly sampleTypes: ValueType[] = []
  readonly locations = new Map<number, Location>()
  readonly functions = new Map<number, FunctionText>()
  /** Row of the file's name by number of the mapping. */
  readonly mappings = new Map<number, number>()
  /** Samples one after the other: sample i has the locations before #locationEnd[i], and as many values as there are types. */
  readonly sampleLocations = new Column('f64')
  readonly locationEnd = new Column('u32')
  readonly sampleValues = new Column('f64')
  labels = 0
  readonly #cursor = new ProtobufCursor()
  readonly #inner = new ProtobufCursor()
  readonly #values: number[] = []

  /** Each method reads bytes [start, stop) and answers whether they hold together. */
  valueType(bytes: Uint8Array, start: number, stop: number): ValueType | undefined {
    const fields = this.#numbers(bytes, start, stop)
    return fields === undefined ? undefined : { type: fields[1] ?? 0, unit: fields[2] ?? 0 }
  }

  sample(bytes: Uint8Array, start: number, stop: number): boolean {
    const cursor = this.#cursor
    const values = this.#values
    const first = this.sampleLocations.length
    values.length = 0
    cursor.set(bytes, start, stop)
    while (cursor.next()) {
      if (cursor.field === 1) this.#repeated((number) => this.sampleLocations.push(number))
      else if (cursor.field === 2) this.#repeated((number) => values.push(number))
      else if (cursor.field === 3) this.labels++
    }
    const isSound = !cursor.damaged && values.length === this.sampleTypes.length && values.every((value) => Number.isFinite(value))
    if (!isSound) {
      this.sampleLocations.length = first
      return false
    }
    for (const value of values) this.sampleValues.push(value)
    this.locationEnd.push(this.sampleLocations.length)
    return true
  }

  mapping(bytes: Uint8Array, start: number, stop: number): boolean {
    const fields = this.#numbers(bytes, start, stop)
    if (fields?.[1] !== undefined) this.mappings.set(fields[1], fields[5] ?? 0)
    return fields !== undefined
  }

  function(bytes: Uint8Array, start: number, stop: number): boolean {
    const fields = this.#numbers(bytes, start, stop)
    if (fields?.[1] !== undefined) this.functions.set(fields[1], { name: fields[2] ?? 0, systemName: fields[3] ?? 0, file: fields[4] ?? 0 })
    return fields !== undefined
  }

  location(bytes: Uint8Array, start: number, stop: number): boolean {
    const cursor = this.#cursor
    const lines: { function: number; line: number }[] = []
    let [id, mapping, address] = [0, 0, NaN]
    cursor.set(bytes, start, stop)
    while (cursor.next()) {
      if (cursor.field === 1) id = cursor.value
      else if (cursor.field === 2) mapping = cursor.value
      else if (cursor.field === 3) address = cursor.value
      else if (cursor.field === 4 && cursor.wireType === WireType.Bytes) {
        const line = this.#numbers(bytes, cursor.start, cursor.stop, this.#inner)
        if (line === undefined) return false
        const number = line[2] ?? 0
        lines.push({ function: line[1] ?? 0, line: number > 0 && number <= 0xffffffff ? number : 0 })
      }
    }
    if (cursor.damaged) return false
    this.locations.set(id, { mapping, address: Number.isSafeInteger(address) && address > 0 ? address : -1, lines })
    return true
  }

  /** The numbers of a flat message by field; later ones win. */
  #numbers(bytes: Uint8Array, start: number, stop: number, cursor = this.#cursor): Readonly<Record<number, number>> | undefined {
    const fields: Record<number, number> = {}
    cursor.set(bytes, start, stop)
    while (cursor.next()) if (cursor.wireType === WireType.Varint && cursor.field < 16) fields[cursor.field] = cursor.value
    return cursor.damaged ? undefined : fields
  }

  /** A repeated number: packed, or one field each. */
  #repeated(take: (value: number) => void): void {
    const cursor = this.#cursor
    if (cursor.wireType === WireType.Varint) return take(cursor.value)
    if (cursor.wireType !== WireType.Bytes) return
    const inner = this.#inner
    inner.set(cursor.bytes, cursor.start, cursor.stop)
    while (inner.at < inner.end && !inner.damaged) take(signedVarint(inner))
    if (inner.damaged) cursor.damaged = true
  }
}
