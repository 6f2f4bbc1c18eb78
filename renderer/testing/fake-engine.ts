import type { EngineAnswer, EngineMethod, EngineParams, RunDocument, TraceDocument } from '../../shared/ipc/engine-api'
import { replaceEngine, type Engine, type RequestOptions } from '../client/engine-client'

/** A request as it was made, for the test to answer. */
export interface AskedRequest {
  readonly method: EngineMethod
  readonly params: unknown
  readonly options: RequestOptions
  answer(value: unknown): void
  fail(error: Error): void
}

/** An engine of which a test plays the part; takes the place of the real one. */
export class FakeEngine implements Engine {
  readonly asked: AskedRequest[] = []
  readonly #restart = new Set<() => void>()

  static inUse(): FakeEngine {
    const engine = new FakeEngine()
    replaceEngine(engine)
    return engine
  }

  request<M extends EngineMethod>(method: M, params: EngineParams<M>, options: RequestOptions = {}): Promise<EngineAnswer<M>> {
    return new Promise<EngineAnswer<M>>((resolve, reject) => {
      this.asked.push({ method, params, options, answer: (value) => resolve(value as EngineAnswer<M>), fail: reject })
    })
  }

  onRestart(listener: () => void): () => void {
    this.#restart.add(listener)
    return () => this.#restart.delete(listener)
  }

  restart(): void {
    for (const listener of this.#restart) listener()
  }

  last(method: EngineMethod): AskedRequest {
    const found = this.asked.filter((request) => request.method === method).at(-1)
    if (found === undefined) throw new Error(`${method} was not asked for`)
    return found
  }

  methods(): EngineMethod[] {
    return this.asked.map(({ method }) => method)
  }
}

const common = (id: string) => ({ id, title: `title of ${id}`, file: 'a.mtrace', format: 'mtrace', partial: false, notes: [], saved: false, view: null })

/** Only what stores and forms read of it. */
export const traceDocument = (id: string): TraceDocument =>
  ({ ...common(id), kind: 'trace', events: 100, summary: { peakLiveBytes: 4096, peakEvent: 60 } }) as unknown as TraceDocument

export const runDocument = (id: string, heap = 'first-fit'): RunDocument =>
  ({
    ...common(id), kind: 'run', events: 100, request: { heap, profile: 'csapp', parameters: {} }, source: { name: 'workload:G1', format: 'workload', traceHash: '' },
    heaps: [], peakFootprintBytes: 8192, metrics: { peakFootprintBytes: 8192, utilisation: 0.5, failedRequests: 0 }, jumps: { peakLive: 60, peakFootprint: 70, worstOverhead: 90, firstFailure: null },
  }) as unknown as RunDocument
