import { HeapscapeError } from '../../../shared/base/errors'
import { errorName, INVALID_HANDLE, statusName } from './constants'
import { SIGNATURES, type CallName, type ParameterType, type Signature } from './signatures'

/** What koffi is needed for, so that tests can stand in for it. */
export interface ForeignLibraries {
  load(library: string): { func(name: string, result: string, parameters: string[]): (...values: unknown[]) => unknown }
  /** Where memory of ours lies. */
  address(memory: Uint8Array): bigint
}

export type CallValue = number | bigint | string | Uint8Array | Uint32Array | BigUint64Array | null

/** Names of the types in koffi. `void *` takes a typed array as the memory it is. */
const FOREIGN_TYPES: Readonly<Record<ParameterType, string>> = { handle: 'intptr_t', address: 'uintptr_t', buffer: 'void *', text: 'str16', size: 'size_t', u32: 'uint32_t', i32: 'int32_t' }
const FOREIGN_RESULTS: Readonly<Record<Signature['result'], string>> = { i32: 'int32_t', u32: 'uint32_t', handle: 'intptr_t', size: 'size_t' }

/** What became of a call. `error` is 0 after a success. */
export interface Outcome {
  readonly value: number
  readonly error: number
  readonly errorName: string
}

/**
 * The Windows calls, bound one by one when first used. Every answer is judged by the call's own rule; the number and name
 * of what went wrong are taken at once, before another call can change them.
 */
export class NativeCalls {
  readonly #libraries: ForeignLibraries
  readonly #bound = new Map<CallName, ((...values: unknown[]) => unknown) | undefined>()

  constructor(libraries: ForeignLibraries) {
    this.#libraries = libraries
  }

  has(name: CallName): boolean {
    return this.#function(name) !== undefined
  }

  /** For calls that fail in the ordinary course: says what became of it. */
  attempt(name: CallName, ...values: CallValue[]): Outcome {
    const value = Number(this.#call(name, values))
    const { verdict } = SIGNATURES[name]
    const isFailed = verdict === 'status' ? value < 0 : verdict === 'error-number' ? value !== 0 : verdict === 'invalid-handle-fails' ? value === INVALID_HANDLE : verdict === 'zero-fails' && value === 0
    if (!isFailed) return { value, error: 0, errorName: '' }
    if (verdict === 'status') return { value, error: value >>> 0, errorName: statusName(value) }
    const error = verdict === 'error-number' ? value : Number(this.#call('GetLastError', []))
    return { value, error, errorName: errorName(error) }
  }

  /** The call's answer. @throws HeapscapeError `live-call-failed` */
  call(name: CallName, ...values: CallValue[]): number {
    const outcome = this.attempt(name, ...values)
    if (outcome.error !== 0 || outcome.errorName !== '') throw callFailed(name, outcome)
    return outcome.value
  }

  addressOf(memory: Uint8Array): bigint {
    return BigInt(this.#libraries.address(memory))
  }

  #call(name: CallName, values: readonly CallValue[]): unknown {
    const bound = this.#function(name)
    if (bound === undefined) throw new HeapscapeError('live-call-failed', { call: name, error: 'ERROR_PROC_NOT_FOUND', number: 127 })
    return bound(...values)
  }

  #function(name: CallName): ((...values: unknown[]) => unknown) | undefined {
    if (!this.#bound.has(name)) this.#bound.set(name, this.#bind(name))
    return this.#bound.get(name)
  }

  #bind(name: CallName): ((...values: unknown[]) => unknown) | undefined {
    const signature: Signature = SIGNATURES[name]
    try {
      return this.#libraries.load(signature.library).func(name, FOREIGN_RESULTS[signature.result], signature.parameters.map((type) => FOREIGN_TYPES[type]))
    } catch (error) {
      if (signature.optional === true) return undefined
      throw new HeapscapeError('live-unavailable', { detail: `${signature.library} has no ${name}: ${error instanceof Error ? error.message : String(error)}` })
    }
  }
}

export function callFailed(name: CallName, { error, errorName }: Outcome): HeapscapeError {
  return new HeapscapeError('live-call-failed', { call: name, error: errorName, number: SIGNATURES[name].verdict === 'status' ? `0x${error.toString(16)}` : error })
}
