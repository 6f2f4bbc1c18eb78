import type { EventRange } from '../model/trace'
import type { ViewState } from './view-state'

/*
 * How each open document came to be, so that it can be made again: the same file gives the same document, and the same
 * trace in the same heap gives the same run. `Source` is an id while a page speaks, a path in the record on disk.
 *
 *   [0] file app.mtrace                       a trace
 *   [1] simulation of item 0 in best-fit      a run of it
 */
export type SessionItem<Source> = {
  /** Of its tabs, in order; absent where nothing of it was looked at. */
  readonly views?: readonly ViewState[]
} & (
  | { readonly kind: 'source'; readonly source: Source; readonly range?: EventRange; readonly member?: string }
  | { readonly kind: 'workload'; readonly workload: string }
  | {
      readonly kind: 'simulation'
      /** Index of an earlier item, or a synthetic workload. */
      readonly input: { readonly item: number } | { readonly workload: string }
      readonly heap: string
      readonly profile?: string
      readonly overrides: Readonly<Record<string, number | boolean | string>>
    }
)

/** What a page tells while it runs: files by the id they were opened or saved under. */
export type RunningSession = readonly SessionItem<{ readonly sourceId: string } | { readonly targetId: string }>[]

/** What a page may make again. */
export interface LastSession {
  /** How it ended: closed as asked; the program, or the whole machine, without closing; or only the page, whose process failed. */
  readonly ended: 'closed' | 'program-crashed' | 'page-crashed'
  /** File names without folder, or names of workloads; runs as `HEAP on NAME`. */
  readonly titles: readonly string[]
}
