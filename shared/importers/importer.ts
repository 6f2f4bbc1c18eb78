import type { ByteSource } from '../base/byte-source'
import type { JobContext } from '../base/job-context'
import type { AnyDocument } from '../model/run'
import type { EventRange } from '../model/trace'

export interface ImportOptions {
  /**
   * What to do with known defects of a format: `compatible` reads them as the format's usual reader does,
   * `strict` refuses them. Both report what they met.
   */
  readonly mode: 'compatible' | 'strict'
  /** File to read of an archive that holds several; by default the only one that is of a known format. */
  readonly member?: string
  /** Part of a trace to open; the whole by default. Importers of traces hand it to their TraceBuilder and stop when that `isComplete`. */
  readonly range?: EventRange
}

/** Describes one format. A passive record: detection looks at it, and calls `read` only for the winner. */
export interface Importer {
  /** Kebab-case, equal to the folder's name; `format` in JSON. */
  readonly id: string
  readonly title: string
  /** Lower case, without dot; a hint for dialogs, never for detection. */
  readonly extensions: readonly string[]
  readonly produces: 'trace' | 'snapshot' | 'profile' | 'any'
  /** Unique; higher is asked first. */
  readonly priority: number
  /** What `sniff` looks for, for the list of formats that were tried: ends the sentence "It is known by ...", with its article. */
  readonly knownBy: string
  /** Decides by content alone; pure. `head` is the first 4 KiB of the unpacked content (less when the file is shorter). */
  sniff(head: Uint8Array): boolean
  /** Reads the unpacked content. Partial input is opened as far as it goes and marked partial. */
  read(source: ByteSource, options: ImportOptions, job: JobContext): Promise<AnyDocument>
}
