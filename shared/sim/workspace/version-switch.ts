import type { WindowsVersion } from '../profiles/windows-versions'
import type { ConsoleLine, HeapDocument } from './heap-document'
import type { ProcessVersion, RepeatDifference, VersionSwitch } from './workspace-types'

/** How something that was carried out ended. */
export interface Outcome {
  readonly document: string
  readonly line: number
  readonly text: string
  /** Equal numbers, equal results. */
  readonly fingerprint: number
  /** Why it failed; empty when it did not. */
  readonly failure: string
}

const MOST_DIFFERENCES = 20

export const describeVersion = ({ id, title, manager, bits, noBytes }: WindowsVersion): ProcessVersion => ({ id, title, manager, bits, noBytes })

export function lineOutcome(document: string, { line, parsed, result, fingerprint }: ConsoleLine): Outcome {
  const failed = result?.calls.find(({ lastError, exception }) => lastError !== null || exception !== null)
  const wrong = result?.asserts.find(({ ok }) => !ok)
  const failure =
    result?.error?.text ??
    (failed !== undefined ? `${failed.call}: ${failed.exception === null ? failed.lastError!.name : failed.exception.name}` : wrong !== undefined ? `${wrong.text}: got ${wrong.got}` : (result?.failedCalls ?? 0) > 0 ? 'a call failed' : '')
  return { document, line, text: parsed.text, fingerprint, failure }
}

export const heapOutcome = ({ title, heap }: HeapDocument): Outcome => ({
  document: title,
  line: 0,
  text: 'its heap',
  fingerprint: heap,
  failure: heap === 0 ? 'HeapCreate gave no heap' : '',
})

export const replayOutcome = (title: string, failedRequests: number): Outcome => ({
  document: title,
  line: 0,
  text: 'the trace carried out',
  fingerprint: failedRequests,
  failure: failedRequests === 0 ? '' : `${failedRequests.toLocaleString('en-US')} requests failed`,
})

/** The same things before and after, in the same order; what is there only afterwards has nothing to be compared with. */
export function compareOutcomes(before: readonly Outcome[], after: readonly Outcome[]): Omit<VersionSwitch, 'version'> {
  const differences: RepeatDifference[] = []
  let lines = 0
  let otherResults = 0
  before.forEach((old, i) => {
    const now = after[i]!
    if (old.line > 0) {
      lines++
      if (old.fingerprint !== now.fingerprint) otherResults++
    }
    const { document, line, text } = now
    if (old.failure === '' && now.failure !== '') differences.push({ document, line, text, outcome: 'fails now', reason: now.failure })
    if (old.failure !== '' && now.failure === '') differences.push({ document, line, text, outcome: 'succeeds now', reason: old.failure })
  })
  return { lines, otherResults, differences: differences.slice(0, MOST_DIFFERENCES), differenceCount: differences.length }
}
