import { takeMark, type ProcessMark } from '../console/mark'
import type { ProcessApi } from '../win32/process-api'
import type { HeapEntry, HeapSummary } from '../win32/process-types'

/** All that a process walker shows of one moment. */
export interface Capture {
  readonly revision: number
  readonly mark: ProcessMark
  readonly heaps: readonly HeapCapture[]
}

export interface HeapCapture {
  readonly summary: HeapSummary
  readonly entries: readonly HeapEntry[]
}

export function capture(process: ProcessApi, revision: number): Capture {
  const heaps = process.heaps().map((summary) => ({ summary, entries: process.walkHeap(summary.handle) }))
  return { revision, mark: takeMark(process), heaps }
}
