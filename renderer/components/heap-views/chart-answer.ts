import { watch, type WatchSource } from 'vue'
import type { MomentSession } from '../moment-session'
import { useLatestRequest, type AskOptions, type LatestRequest } from '../latest-request'
import type { ChartSource } from './chart-source'

export interface ChartRequest<W, A> extends LatestRequest<{ readonly source: ChartSource; readonly wish: W }, A> {
  /** Asks once more, after a failure or a cancel. */
  retry(): void
}

/** An answer about the moment a session shows, asked for again whenever the moment or the wish changes; a null wish asks nothing. */
export function useChartAnswer<W, A>(session: MomentSession, wish: WatchSource<W | null>, ask: (source: ChartSource, wish: W, options: AskOptions) => Promise<A>): ChartRequest<W, A> {
  const request = useLatestRequest<{ readonly source: ChartSource; readonly wish: W }, A>(({ source, wish: wanted }, options) => ask(source, wanted, options))
  let last: { readonly source: ChartSource; readonly wish: W } | null = null
  watch([session.charts, wish] as const, ([source, wanted]) => {
    if (source === null || wanted === null) return
    last = { source, wish: wanted as W }
    request.ask(last)
  }, { immediate: true })
  return { ...request, retry: () => void (last !== null && request.ask(last)) }
}

export const reasonOf = (answer: unknown): string | null => (typeof answer === 'object' && answer !== null && 'reason' in answer ? String(answer.reason) : null)
