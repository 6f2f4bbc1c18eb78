import { randomUUID } from 'node:crypto'
import path from 'node:path'
import type { OpenedSource, SaveTarget } from '../../shared/ipc/host-api'

export interface SourcePlace extends OpenedSource {
  readonly path: string
}

export interface TargetPlace extends SaveTarget {
  readonly path: string
}

/** Which path each id stands for. Ids are random, so that a page cannot guess its way to a file. */
export class Places {
  readonly #sources = new Map<string, SourcePlace>()
  readonly #targets = new Map<string, TargetPlace>()

  addSource(file: string, more: Pick<OpenedSource, 'below' | 'dropTarget'> = {}): SourcePlace {
    const place = { sourceId: randomUUID(), name: path.basename(file), path: file, ...more }
    this.#sources.set(place.sourceId, place)
    return place
  }

  addTarget(file: string): TargetPlace {
    const place = { targetId: randomUUID(), name: path.basename(file), path: file }
    this.#targets.set(place.targetId, place)
    return place
  }

  sourcePath(sourceId: string): string | null {
    return this.#sources.get(sourceId)?.path ?? null
  }

  targetPath(targetId: string): string | null {
    return this.#targets.get(targetId)?.path ?? null
  }
}

/** What the window may know of a source. */
export function withoutPath({ path: _path, ...source }: SourcePlace): OpenedSource {
  return source
}
