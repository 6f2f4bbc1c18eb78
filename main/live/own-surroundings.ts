import type { CaptureSurroundings } from './capture/capture-request'

/** A capture's clock and memory are this process's own. */
export function ownSurroundings(hold: Pick<CaptureSurroundings, 'beforeSuspend' | 'resumed'>): CaptureSurroundings {
  return {
    now: () => performance.now(),
    date: () => new Date(),
    arrayBytes: () => process.memoryUsage().arrayBuffers,
    ...hold,
  }
}
