import path from 'node:path'
import { HeapscapeError } from '../../../shared/base/errors'
import { runScript, type ScriptReport } from '../../../shared/jobs/run-script'
import { ARTICLE_VERSION } from '../../../shared/sim/profiles/windows-versions'
import { textTable } from '../../../shared/report/text-table'
import type { CallResult, StepResult } from '../../../shared/sim/console/console-types'
import { readScriptFile, type ScriptFile } from '../../../shared/sim/console/script-file'
import { hex } from '../../../shared/sim/console/value-text'
import { FileSource } from '../../files/file-source'
import { type Command, ExitCode } from '../arguments'
import { withJob } from '../input'
import { jsonText, type Output } from '../output'

export const scriptCommand: Command = {
  name: 'script',
  usage: 'FILE [--windows VERSION] [--json]',
  summary: 'carries out a console script in a simulated Windows process',
  options: { windows: { type: 'string' }, json: { type: 'boolean' } },
  takes: [1, 1],
  run: async ([file], values, output) => {
    const name = path.basename(file!)
    const script = read(file!, name)
    const report = await withJob(`carrying out ${name}`, (job) => runScript(script, name, typeof values['windows'] === 'string' ? values['windows'] : ARTICLE_VERSION, job))
    if (values['json'] === true) writeJson(report, output)
    else writeText(report, output)
    for (const { error, line } of report.steps) {
      if (error !== null) output.failure(new HeapscapeError('format-malformed', { expected: 'a line that can be carried out', got: error.text }, { file: name, line }).toFailure())
    }
    if (report.mistakes > 0) return ExitCode.Error
    return report.failedChecks > 0 ? ExitCode.GateFailed : ExitCode.Ok
  },
}

function read(file: string, name: string): ScriptFile {
  const source = new FileSource(file, name)
  try {
    return readScriptFile(source)
  } finally {
    source.close()
  }
}

/** The steps a line each: scripts may make hundreds of thousands of calls, too many for one string. */
function writeJson({ steps, ...rest }: ScriptReport, output: Output): void {
  const [head, tail] = split(rest)
  output.result(`${jsonText(head).slice(0, -2)},\n  "steps": [`)
  steps.forEach((step, index) => output.result(`    ${JSON.stringify(step)}${index === steps.length - 1 ? '' : ','}`))
  output.result(`  ],${jsonText(tail).slice(1)}`)
}

/** What stands before the steps, and what the process is at the end. */
function split({ variables, heaps, handleTable, regions, counters, metrics, ...head }: Omit<ScriptReport, 'steps'>): [object, object] {
  return [head, { variables, heaps, handleTable, regions, counters, metrics }]
}

function writeText(report: ScriptReport, output: Output): void {
  for (const step of report.steps) for (const line of stepLines(step)) output.result(line)
  output.result(endText(report))
}

function stepLines({ line, calls, asserts, answers, note, error }: StepResult): string[] {
  const at = `${line}:`.padEnd(5)
  return [
    ...calls.map((call) => `${at} ${callText(call)}`),
    ...asserts.map(({ text, got, ok }) => `${at} ${ok ? 'ok    ' : 'FAILED'} ${text}, got ${got}`),
    ...(note === null ? [] : [`${at} ${note}`]),
    ...answers.map(({ question, text }) => `${at} ${question}: ${text}`),
    ...(error === null ? [] : [`${at} ${error.text}${error.lastError === null ? '' : ` (${error.lastError.name})`}`]),
  ]
}

function callText({ name, call, argumentTexts, resultText, lastError, exception, output }: CallResult): string {
  const parts = [resultText, lastError?.name, exception?.name, output].filter((part) => part !== null && part !== undefined && part !== '')
  return `${name === null ? '' : `${name} = `}${call}(${argumentTexts.join(', ')})${parts.length === 0 ? '' : `  ${parts.join('  ')}`}`
}

function endText({ lines, calls, failedCalls, checks, failedChecks, mistakes, heaps, regions }: ScriptReport): string {
  const heapRows = heaps.map((heap) => [hex(heap.handle), heap.name, ...[heap.busyBlocks, heap.requestedBytes, heap.consumedBytes, heap.freeBytes, heap.committedBytes, heap.reservedBytes].map(String)])
  const regionRows = regions.filter(({ owner }) => owner !== null).map((region) => [hex(region.address), String(region.bytes), region.state, region.protect ?? '', region.owner!])
  return [
    '',
    `${lines} lines, ${calls} calls, ${failedCalls} failed; ${checks} checks, ${failedChecks} failed; ${mistakes} mistakes`,
    '',
    textTable([['heap', 'name', 'blocks', 'requested', 'consumed', 'free', 'committed', 'reserved'], ...heapRows], [0, 1]),
    '',
    textTable([['region', 'bytes', 'state', 'protection', 'owner'], ...regionRows], [0, 2, 3, 4]),
  ].join('\n')
}
