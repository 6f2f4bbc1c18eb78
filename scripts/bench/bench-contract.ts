// What a *.bench.ts file exports: `export const benches: Bench[]`. Found and run by scripts/bench.mjs.
// Figures mean something only beside a peer or floor measured in the same run: name one with `reference` where there is any.

export interface BenchBody {
  /** One measurement, in the bench's unit. Called once to warm up and then once per round. */
  measure(): Promise<number> | number
  dispose?(): Promise<void> | void
}

/** Why a bench cannot run on this machine, for example "heaptrack_print is not installed". */
export interface BenchMissing {
  readonly missing: string
}

/** An Electron to start: `executable`, then `args`, with `environment` added to ours. */
export interface BenchRuntime {
  readonly executable: string
  readonly args: readonly string[]
  /** Names the display, where a virtual one is used. */
  readonly environment: Readonly<Record<string, string>>
}

/** Where a bench runs. */
export interface BenchPlace {
  readonly projectRoot: string
  /** Exists, is empty at the start of a run and removed at its end. */
  readonly temporaryFolder: string
  /** For programs of ours that run as Node inside Electron, and, with `needsWindow`, for windows. */
  readonly electron: BenchRuntime | BenchMissing
  /** The folder the built application is started from; built and with a display only for a bench with `needsWindow`. */
  readonly application: string | BenchMissing
}

export interface Bench {
  /** "group/what", for example "parse/mtrace"; `npm run bench -- NAME` selects by part of it. */
  readonly name: string
  /** What is measured on which input, in one line. */
  readonly title: string
  readonly unit: 'MB/s' | 'M events/s' | 'M blocks/s' | 'ms' | 'MB' | 'B' | '%'
  readonly better: 'higher' | 'lower'
  /** Names of the peers' or floors' benches to divide by. */
  readonly reference?: string | readonly string[]
  /** The goal in words, from docs/performance.md. */
  readonly goal?: string
  /** A quantity that is the same each time (bytes per row), or too slow to repeat: measured once, not warmed up. */
  readonly once?: true
  /** Opens windows: the application is built and a display is there. */
  readonly needsWindow?: true
  prepare(place: BenchPlace): Promise<BenchBody | BenchMissing> | BenchBody | BenchMissing
}
