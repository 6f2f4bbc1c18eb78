import { HeapscapeError } from '../../../shared/base/errors'
import type { CaptureFacts } from '../../../shared/model/live-capture'
import type { LiveSystem, ProcessHandle } from '../live-system'
import type { CaptureRequest, CaptureSurroundings } from './capture-request'

/** A process that holds still, or does not, while it is read. */
export interface FrozenTarget {
  readonly way: CaptureFacts['way']
  /** What is read: the process itself or its clone. */
  readonly source: ProcessHandle
  /** Set when a clone was asked for first and could not be had. */
  readonly cloneRefusal: string | null
  /** Lets the process go on; what was held up is timed. Harmless when called again. */
  release(): void
  /** null while it is held up, and when it never was. */
  suspendedMs(): number | null
}

/**
 * Puts the process into the state the way of capture asks for. Whoever calls must call `release`. `prepare` is called
 * while the program still runs, when it is sure that its memory will be copied.
 */
export async function freezeTarget(system: LiveSystem, request: CaptureRequest, surroundings: CaptureSurroundings, prepare: () => Promise<void>): Promise<FrozenTarget> {
  let cloneRefusal: string | null = null
  if (request.way === 'clone' || request.way === 'auto') {
    try {
      return cloned(system, request)
    } catch (error) {
      const mayStop = request.way === 'auto' && error instanceof HeapscapeError && (error.code === 'live-clone-unavailable' || error.code === 'live-access-denied')
      if (!mayStop) throw error
      cloneRefusal = error.message
    }
  }
  await prepare()
  return request.way === 'running' ? running(system, request) : suspended(system, request, surroundings, cloneRefusal)
}

function cloned(system: LiveSystem, { pid, startedAt }: CaptureRequest): FrozenTarget {
  const handle = system.open(pid, 'clone', startedAt)
  let clone: ProcessHandle | null = null
  try {
    clone = system.clone(handle)
  } finally {
    system.close(handle)
  }
  let isOpen = true
  const release = (): void => {
    if (isOpen) system.close(clone)
    isOpen = false
  }
  return { way: 'clone', source: clone, cloneRefusal: null, release, suspendedMs: () => null }
}

function running(system: LiveSystem, { pid, startedAt }: CaptureRequest): FrozenTarget {
  const source = system.open(pid, 'read', startedAt)
  let isOpen = true
  const release = (): void => {
    if (isOpen) system.close(source)
    isOpen = false
  }
  return { way: 'running', source, cloneRefusal: null, release, suspendedMs: () => null }
}

async function suspended(system: LiveSystem, { pid, startedAt }: CaptureRequest, surroundings: CaptureSurroundings, cloneRefusal: string | null): Promise<FrozenTarget> {
  const source = system.open(pid, 'suspend', startedAt)
  let from = 0
  let suspendedMs: number | null = null
  try {
    await surroundings.beforeSuspend({ pid, startedAt: startedAt ?? system.facts(source).startedAt })
    from = surroundings.now()
    system.suspend(source)
  } catch (error) {
    surroundings.resumed()
    system.close(source)
    throw error
  }
  let isHeld = true
  const release = (): void => {
    if (!isHeld) return
    isHeld = false
    try {
      // A process that was ended while it stood still cannot go on; that is told by what is read from it next.
      if (system.isRunning(source)) system.resume(source)
    } finally {
      suspendedMs = surroundings.now() - from
      surroundings.resumed()
      system.close(source)
    }
  }
  return { way: 'suspended', source, cloneRefusal, release, suspendedMs: () => suspendedMs }
}
