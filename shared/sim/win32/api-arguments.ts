import { HeapscapeError } from '../../base/errors'
import { findApiFunction, type ApiFunction, type ApiParameter } from './api-catalog'
import type { ApiArgument } from './process-types'

/** Arguments of one call, checked and complete. */
export interface CheckedCall {
  readonly api: ApiFunction
  /** One per parameter; 0 where the parameter is a text or bytes. */
  readonly numbers: readonly number[]
  readonly text: string
  readonly data: Uint8Array
}

const NO_BYTES = new Uint8Array(0)

/**
 * A negative number is what its bits say without a sign, as C converts it: -1 has all bits set.
 * @throws HeapscapeError `usage` for an unknown name, too few or too many arguments, or one of the wrong kind
 */
export function checkCall(name: string, args: readonly ApiArgument[], bits: 32 | 64): CheckedCall {
  const api = findApiFunction(name)
  if (api === undefined) throw new HeapscapeError('usage', { detail: `There is no call "${name}".` })
  const { parameters } = api
  if (args.length > parameters.length) throw new HeapscapeError('usage', { detail: `${name} takes ${parameters.length} arguments, not ${args.length}.` })
  const numbers: number[] = []
  let text = ''
  let data: Uint8Array = NO_BYTES
  for (const [i, parameter] of parameters.entries()) {
    const value = args[i] ?? parameter.otherwise
    if (value === undefined) throw new HeapscapeError('usage', { detail: `${name} needs the argument ${parameter.name}.` })
    if (typeof value === 'string') text = value
    else if (typeof value !== 'number') data = value
    if (!isOfKind(parameter, value)) throw new HeapscapeError('usage', { detail: `${name}: ${parameter.name} is ${wanted(parameter)}.` })
    numbers.push(typeof value === 'number' ? unsigned(value, bits) : 0)
  }
  return { api, numbers, text, data }
}

function isOfKind(parameter: ApiParameter, value: ApiArgument): boolean {
  switch (parameter.kind) {
    case 'text':
      return typeof value === 'string'
    case 'data':
      return value instanceof Uint8Array
    case 'byte':
      return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 255
    case 'flags':
      return Number.isInteger(value) && (value as number) >= -(2 ** 31) && (value as number) < 2 ** 32
    default:
      return Number.isSafeInteger(value)
  }
}

function wanted({ kind }: ApiParameter): string {
  if (kind === 'text') return 'a text'
  if (kind === 'data') return 'a block of bytes'
  if (kind === 'byte') return 'a whole number from 0 to 255'
  return kind === 'flags' ? 'a whole number of 32 bits' : 'a whole number'
}

/** Numbers of more than 32 bits lose their upper part in a 32-bit process. Adding 0 turns -0 into 0. */
function unsigned(value: number, bits: 32 | 64): number {
  if (bits === 32) return value >= 0 && value < 2 ** 32 ? value + 0 : ((value % 2 ** 32) + 2 ** 32) % 2 ** 32
  return value < 0 ? 2 ** 64 + value : value + 0
}
