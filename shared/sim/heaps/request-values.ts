import { HeapscapeError } from '../../base/errors'
import type { RunRequest } from '../../model/run'

/* Values of a request by name; each throws `parameter-invalid` when one is missing or of the wrong type. */

export function readNumber(request: RunRequest, name: string): number {
  const value = request.parameters[name]
  if (typeof value !== 'number') throw new HeapscapeError('parameter-invalid', { name, expected: 'a number', got: value ?? null })
  return value
}

export function readBoolean(request: RunRequest, name: string): boolean {
  const value = request.parameters[name]
  if (typeof value !== 'boolean') throw new HeapscapeError('parameter-invalid', { name, expected: 'true or false', got: value ?? null })
  return value
}

export function readChoice<T extends string>(request: RunRequest, name: string, choices: readonly T[]): T {
  const value = choices.find((choice) => choice === request.parameters[name])
  if (value === undefined) {
    throw new HeapscapeError('parameter-invalid', { name, expected: choices.join(' or '), got: request.parameters[name] ?? null })
  }
  return value
}

export const readRealloc = (request: RunRequest): 'copy' | 'in-place-forward' =>
  readChoice<'copy' | 'in-place-forward'>(request, 'realloc', ['copy', 'in-place-forward'])
