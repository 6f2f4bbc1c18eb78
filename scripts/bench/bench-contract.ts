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

export interface Bench {
  /** "group/what", for example "parse/mtrace"; `npm run bench -- NAME` selects by part of it. */
  readonly name: string
  /** What is measured on which input, in one line. */
  readonly title: string
  readonly unit: 'MB/s' | 'M events/s' | 'M blocks/s' | 'ms' | 'MB'
  readonly better: 'higher' | 'lower'
  /** Name of the peer's or floor's bench to divide by. */
  readonly reference?: string
  /** The goal in words, from docs/performance.md. */
  readonly goal?: string
  prepare(): Promise<BenchBody | BenchMissing> | BenchBody | BenchMissing
}
