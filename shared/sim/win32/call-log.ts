import { Column } from '../../base/column'
import type { ApiArgument, CallRecord } from './process-types'

/*
 * Every call of a process, one row each:
 *
 *   name        index into names
 *   firstArg    index into args, where the row's arguments begin; they end where the next row's begin
 *   result, error, exception, thread
 */
export class CallLog {
  readonly #names: string[] = []
  readonly #nameIndex = new Map<string, number>()
  readonly #name = new Column('u8')
  readonly #firstArg = new Column('u32')
  readonly #args: ApiArgument[] = []
  readonly #result = new Column('f64')
  readonly #error = new Column('u32')
  readonly #exception = new Column('u32')
  readonly #thread = new Column('u32')

  get length(): number {
    return this.#name.length
  }

  add(name: string, args: readonly ApiArgument[], result: number, error: number, exception: number, thread: number): void {
    let index = this.#nameIndex.get(name)
    if (index === undefined) {
      index = this.#names.length
      this.#nameIndex.set(name, index)
      this.#names.push(name)
    }
    this.#name.push(index)
    this.#firstArg.push(this.#args.length)
    // Bytes are copied: the caller may use its buffer again, and the log must carry out the same call once more.
    for (const arg of args) this.#args.push(arg instanceof Uint8Array ? arg.slice() : arg)
    this.#result.push(result)
    this.#error.push(error)
    this.#exception.push(exception)
    this.#thread.push(thread)
  }

  nameAt(row: number): string {
    return this.#names[this.#name.at(row)]!
  }

  argsAt(row: number): ApiArgument[] {
    const past = row + 1 < this.length ? this.#firstArg.at(row + 1) : this.#args.length
    return this.#args.slice(this.#firstArg.at(row), past)
  }

  at(index: number): CallRecord {
    return {
      index,
      name: this.nameAt(index),
      args: this.argsAt(index),
      result: this.#result.at(index),
      error: this.#error.at(index),
      exception: this.#exception.at(index),
      thread: this.#thread.at(index),
    }
  }
}
