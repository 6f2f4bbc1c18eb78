import type { JobContext } from '../base/job-context'
import type { Address, Bytes } from '../base/units'
import { computeSnapshotMetrics } from '../analysis/metrics/snapshot-metrics'
import { REGION_STATE_NAMES } from '../model/region-table'
import { metricsOnly } from '../report/describe'
import type { StepResult, Variable } from '../sim/console/console-types'
import type { ScriptFile } from '../sim/console/script-file'
import { protectionText } from '../sim/vm/protection-text'
import type { HandleTableSummary, HeapSummary, ProcessCounters } from '../sim/win32/process-types'
import type { ProcessApi } from '../sim/win32/process-api'
import { SimulatedProcess } from '../sim/win32/simulated-process'
import { Workspace } from '../sim/workspace/workspace'

/** What `script --json` prints; docs/cli.md lists the keys. */
export interface ScriptReport {
  readonly file: string
  /** Id of the Windows the process is one of at the end. */
  readonly windows: string
  readonly lines: number
  readonly calls: number
  /** Calls that failed as Windows' would: a result like any other. */
  readonly failedCalls: number
  readonly checks: number
  readonly failedChecks: number
  /** Lines that could not be carried out, or not to their end. */
  readonly mistakes: number
  readonly steps: readonly StepResult[]
  /** At most 500. */
  readonly variables: readonly Variable[]
  readonly heaps: readonly HeapSummary[]
  readonly handleTable: HandleTableSummary
  readonly regions: readonly RegionRow[]
  readonly counters: ProcessCounters
  /** M1 to M13 over all heaps. */
  readonly metrics: Readonly<Record<string, unknown>>
}

export interface RegionRow {
  readonly address: Address
  readonly bytes: Bytes
  readonly state: string
  /** null unless committed. */
  readonly protect: string | null
  /** null for free space. */
  readonly owner: string | null
}

const LINES_AT_A_TIME = 64

/**
 * Carries a console script out in a process of its own, in a console with a heap: as a window that opens the file does.
 * `version` is the Windows of the process (id of a WindowsVersion) until a line of the script says otherwise.
 * @throws HeapscapeError `parameter-invalid` for an unknown version
 */
export async function runScript(script: ScriptFile, file: string, version: string, job: JobContext): Promise<ScriptReport> {
  const workspace = new Workspace((chosen) => new SimulatedProcess({ version: chosen ?? version }), Infinity)
  const { initialBytes, maximumBytes } = script
  const { id } = workspace.open({ kind: 'console', title: file, initialBytes, maximumBytes })
  const { lineCount } = workspace.enter(id, script.text, false)
  for (let done = 0; done < lineCount; done += LINES_AT_A_TIME) {
    workspace.goTo(id, done + LINES_AT_A_TIME)
    job.progress({ done: Math.min(lineCount, done + LINES_AT_A_TIME), total: lineCount, unit: 'lines' })
    await job.checkpoint()
  }
  const { lines, variables } = workspace.console(id, 0, lineCount)
  const steps = lines.flatMap(({ result }) => (result === null ? [] : [result]))
  const { heaps, handleTable, counters } = workspace.state()
  const { process } = workspace
  return { file, windows: process.version.id, ...countOf(steps), steps, variables, heaps, handleTable, regions: regionRows(process), counters, metrics: metricsOnly(computeSnapshotMetrics(process.snapshot())) }
}

function countOf(steps: readonly StepResult[]): Pick<ScriptReport, 'lines' | 'calls' | 'failedCalls' | 'checks' | 'failedChecks' | 'mistakes'> {
  const sum = (of: (step: StepResult) => number): number => steps.reduce((total, step) => total + of(step), 0)
  return {
    lines: steps.length,
    calls: sum((step) => step.callCount),
    failedCalls: sum((step) => step.failedCalls),
    checks: sum((step) => step.asserts.length),
    failedChecks: sum((step) => step.asserts.filter((assert) => !assert.ok).length),
    mistakes: sum((step) => (step.error === null ? 0 : 1)),
  }
}

function regionRows(process: ProcessApi): RegionRow[] {
  const regions = process.regions()
  const owners = process.owners()
  return Array.from({ length: regions.length }, (_, row) => {
    const protect = regions.protect?.at(row) ?? 0
    return {
      address: regions.base.at(row),
      bytes: regions.size.at(row),
      state: REGION_STATE_NAMES[regions.state.at(row) as 0 | 1 | 2],
      protect: protect === 0 ? null : protectionText(protect),
      owner: owners[regions.owner.at(row)] ?? null,
    }
  })
}
