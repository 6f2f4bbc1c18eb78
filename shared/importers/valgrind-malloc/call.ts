import { BAD_NUMBER, type LineCursor } from '../../base/line-cursor'

export const CallKind = { Alloc: 0, Free: 1, Realloc: 2, Other: 3, Unreadable: 4 } as const
export type CallKind = (typeof CallKind)[keyof typeof CallKind]

const OPEN = 40
const CLOSE = 41
const PREFIX_NEW = '_Zn'
const PREFIX_DELETE = '_Zd'
const ALLOCATORS = ['memalign', 'posix_memalign', 'aligned_alloc', 'valloc', 'pvalloc', '__builtin_new', '__builtin_vec_new', 'builtin_new', 'builtin_vec_new']
const RELEASERS = ['cfree', 'free_sized', 'free_aligned_sized', '__builtin_delete', '__builtin_vec_delete', 'builtin_delete', 'builtin_vec_delete']

/** One call as Valgrind writes it; reused for every line. */
export class MallocCall {
  /** Given to free and realloc. */
  pointer = 0
  size = 0
  /** 0 when there is none. */
  result = 0
  #line!: LineCursor

  /** `line` stands behind "--PID-- ". */
  read(line: LineCursor): CallKind {
    this.#line = line
    this.result = 0
    // The two frequent ones first.
    if (line.take('free(')) return this.#free()
    if (line.take('malloc(')) return this.#sized(1)
    if (line.take('realloc(')) return this.#realloc()
    if (line.take('calloc(')) return this.#sized(2)
    const name = this.#name()
    if (name.startsWith(PREFIX_DELETE) || RELEASERS.includes(name)) return this.#free()
    if (name.startsWith(PREFIX_NEW) || ALLOCATORS.includes(name)) return this.#namedSize()
    return CallKind.Other
  }

  #name(): string {
    const { bytes, at, end } = this.#line
    let open = at
    while (open < end && bytes[open] !== OPEN) open++
    const name = new TextDecoder('latin1').decode(bytes.subarray(at, open))
    this.#line.at = Math.min(open + 1, end)
    return open < end ? name : ''
  }

  /** `0x4D2C100)`, or with more after a comma, which tells nothing new. */
  #free(): CallKind {
    this.pointer = this.#pointer()
    return this.pointer < 0 ? CallKind.Unreadable : CallKind.Free
  }

  /** `48) = 0x...`, or with two numbers that are multiplied. */
  #sized(numbers: 1 | 2): CallKind {
    this.size = this.#line.decimal()
    if (numbers === 2) this.size = this.#line.take(',') ? this.size * this.#line.decimal() : BAD_NUMBER
    return this.size >= 0 && Number.isSafeInteger(this.size) && this.#result() ? CallKind.Alloc : CallKind.Unreadable
  }

  /** `size 64, al 16) = 0x...`, `al 16, size 64) = 0x...`, `alignment 16, size 64)`, or the size alone. */
  #namedSize(): CallKind {
    const line = this.#line
    if (line.take('alignment ') || line.take('al ')) {
      if (line.decimal() < 0 || !line.take(', ')) return CallKind.Unreadable
    }
    line.take('size ')
    this.size = line.decimal()
    if (line.take(', al ') || line.take(', alignment ')) line.decimal()
    return this.size >= 0 && this.#result() ? CallKind.Alloc : CallKind.Unreadable
  }

  /**
   * `0x4D2C040,48) = 0x4D2C090`. Two calls are written into one line with what they lead to:
   * `0x0,8)malloc(8) = 0x4D2C040` and `0x4D2C040,0)free(0x4D2C040)`.
   */
  #realloc(): CallKind {
    const line = this.#line
    this.pointer = this.#pointer()
    if (this.pointer < 0 || !line.take(',')) return CallKind.Unreadable
    this.size = line.decimal()
    if (this.size < 0) return CallKind.Unreadable
    if (line.take(')malloc(')) return this.#sized(1)
    if (line.take(')free(')) return this.#free()
    return this.#result() ? CallKind.Realloc : CallKind.Unreadable
  }

  /** Hexadecimal up to a comma or the closing parenthesis. */
  #pointer(): number {
    const line = this.#line
    const { bytes, end } = line
    let stop = line.at
    while (stop < end && bytes[stop] !== CLOSE && bytes[stop] !== 44) stop++
    // Without what follows, the line was cut or is none of ours.
    if (stop === end) return BAD_NUMBER
    line.end = stop
    const value = line.hex()
    line.end = end
    return value
  }

  #result(): boolean {
    if (!this.#line.take(') = 0x')) return false
    this.result = this.#line.hex()
    return this.result >= 0
  }
}
