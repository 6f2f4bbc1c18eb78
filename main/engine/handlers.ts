import type { JobContext } from '../../shared/base/job-context'
import type { EngineAnswer, EngineMethod, EngineParams } from '../../shared/ipc/engine-api'

export type EngineHandlers = {
  readonly [M in EngineMethod]: (params: EngineParams<M>, job: JobContext) => EngineAnswer<M> | Promise<EngineAnswer<M>>
}

/** The handlers of some methods. */
export type Handlers<M extends EngineMethod> = Pick<EngineHandlers, M>
