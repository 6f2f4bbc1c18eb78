import { HeapscapeError } from '../../shared/base/errors'

export interface NamedPath {
  readonly path: string
  /** File name without folder: all a window may see. */
  readonly name: string
}

/** Paths by the ids main gave out for them. */
export class PathTable {
  readonly #paths = new Map<string, NamedPath>()

  register(id: string, { path, name }: NamedPath): void {
    this.#paths.set(id, { path, name })
  }

  /** @throws HeapscapeError `message-invalid` for an id nobody gave out. */
  get(id: string): NamedPath {
    const found = this.#paths.get(id)
    if (found === undefined) throw new HeapscapeError('message-invalid', { detail: `no file is registered as ${id}` })
    return found
  }
}
