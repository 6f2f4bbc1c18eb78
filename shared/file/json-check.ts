import { HeapscapeError } from '../base/errors'

/** Reads parsed JSON of unknown origin, one value at a time; every mismatch is format-corrupt with the value's path. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject
export interface JsonObject {
  readonly [key: string]: JsonValue
}

export function corrupt(path: string, expected: string, got: unknown): HeapscapeError {
  const text = got === undefined ? 'nothing' : (JSON.stringify(got) ?? typeof got)
  return new HeapscapeError('format-corrupt', { table: 'meta.json', path, expected: `${path}: ${expected}`, got: text.slice(0, 80) })
}

export function objectAt(value: JsonValue | undefined, path: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw corrupt(path, 'an object', value)
  return value as JsonObject
}

export function listAt<T>(value: JsonValue | undefined, path: string, read: (item: JsonValue, path: string) => T): T[] {
  if (!Array.isArray(value)) throw corrupt(path, 'a list', value)
  return (value as readonly JsonValue[]).map((item, i) => read(item, `${path}[${i}]`))
}

export function stringAt(value: JsonValue | undefined, path: string): string {
  if (typeof value !== 'string') throw corrupt(path, 'a text', value)
  return value
}

export function booleanAt(value: JsonValue | undefined, path: string): boolean {
  if (typeof value !== 'boolean') throw corrupt(path, 'true or false', value)
  return value
}

export function numberAt(value: JsonValue | undefined, path: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw corrupt(path, 'a number', value)
  return value
}

export function integerAt(value: JsonValue | undefined, path: string, minimum = 0, maximum = Number.MAX_SAFE_INTEGER): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < minimum || value > maximum) {
    throw corrupt(path, `an integer from ${minimum} to ${maximum}`, value)
  }
  return value
}

export function choiceAt<T extends string>(value: JsonValue | undefined, path: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === value)
  if (found === undefined) throw corrupt(path, `one of ${choices.join(', ')}`, value)
  return found
}

export function optionalAt<T>(value: JsonValue | undefined, path: string, read: (value: JsonValue, path: string) => T): T | undefined {
  return value === undefined ? undefined : read(value, path)
}
