import { defineStore } from 'pinia'
import { computed, reactive } from 'vue'
import type { Progress } from '../../shared/base/job-context'
import type { RequestOptions } from '../client/engine-client'

/** Long work under way, as its progress line shows it. */
export interface Job {
  readonly id: number
  readonly title: string
  progress: Progress | null
  /** Units of progress per second over the whole job; null until there is enough to tell. */
  ratePerSecond: number | null
  /** Null when the total is unknown or there is no rate. */
  secondsLeft: number | null
  isCancelling: boolean
}

export interface StartedJob<T> {
  readonly jobId: number
  readonly result: Promise<T>
}

/** A rate over less than this says nothing. */
const MINIMUM_RATE_MS = 300

export function estimate(progress: Progress, elapsedMs: number): Pick<Job, 'ratePerSecond' | 'secondsLeft'> {
  if (elapsedMs < MINIMUM_RATE_MS || progress.done <= 0) return { ratePerSecond: null, secondsLeft: null }
  const ratePerSecond = (progress.done * 1000) / elapsedMs
  return { ratePerSecond, secondsLeft: progress.total > 0 ? Math.max(0, progress.total - progress.done) / ratePerSecond : null }
}

export const useJobs = defineStore('jobs', () => {
  const jobs = reactive(new Map<number, Job>())
  const controllers = new Map<number, AbortController>()
  let lastId = 0

  /** Runs `work` with options that feed the job's progress and cancellation. The job ends with the promise. */
  function start<T>(title: string, work: (options: RequestOptions) => Promise<T>): StartedJob<T> {
    const jobId = ++lastId
    const controller = new AbortController()
    const startMs = performance.now()
    jobs.set(jobId, { id: jobId, title, progress: null, ratePerSecond: null, secondsLeft: null, isCancelling: false })
    controllers.set(jobId, controller)
    const onProgress = (progress: Progress): void => {
      const job = jobs.get(jobId)
      if (job !== undefined) Object.assign(job, { progress, ...estimate(progress, performance.now() - startMs) })
    }
    const result = work({ onProgress, signal: controller.signal }).finally(() => {
      jobs.delete(jobId)
      controllers.delete(jobId)
    })
    return { jobId, result }
  }

  function cancel(jobId: number): void {
    const job = jobs.get(jobId)
    if (job !== undefined) job.isCancelling = true
    controllers.get(jobId)?.abort()
  }

  const running = computed<readonly Job[]>(() => [...jobs.values()])
  return { running, find: (jobId: number | null) => (jobId === null ? undefined : jobs.get(jobId)), start, cancel }
})
