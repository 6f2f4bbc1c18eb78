import { assert } from '../../base/assert'
import type { Column } from '../../base/column'
import type { HeapscapeError } from '../../base/errors'
import type { JobContext } from '../../base/job-context'
import type { JsonObject } from '../json-check'

/** What could be read of a column: all of it, or the whole row groups before the first damaged one. */
export interface ReadColumn<T extends Column | readonly string[] = Column | readonly string[]> {
  readonly values: T
  readonly damage: HeapscapeError | undefined
}

/** A file as some version of the format has it: meta.json as parsed, and its columns by name. */
export interface VersionedFile {
  readonly meta: JsonObject
  /** Names are those of `meta`; texts come as a list. */
  readColumn(table: string, column: string, job: JobContext): Promise<ReadColumn>
}

/**
 * One step of the format's history. It gives the file as the next version would have written it: `meta` rewritten, and
 * columns that were renamed, split or added answered by wrapping `readColumn` (still lazily, column by column).
 */
export interface UpgradeStep {
  /** Version the step starts from; it ends at `from + 1`. */
  readonly from: number
  upgrade(file: VersionedFile): VersionedFile
}

/** Applies the steps from `version` up to `target`. A missing step is a bug: versions are never dropped. */
export function upgradeFile(file: VersionedFile, version: number, target: number, steps: readonly UpgradeStep[]): VersionedFile {
  for (let current = version; current < target; current++) {
    const step = steps.find((candidate) => candidate.from === current)
    assert(step !== undefined, `no upgrade step from version ${current}`)
    const next = step.upgrade(file)
    file = { meta: { ...next.meta, version: current + 1 }, readColumn: (table, column, job) => next.readColumn(table, column, job) }
  }
  return file
}
