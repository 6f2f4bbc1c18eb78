import { figureDefinitions } from '../../../shared/analysis/compare/run-figures'
import { DEFAULT_GATE_RULES, judgeGate, type GateBatch } from '../../../shared/analysis/gate/gate'
import { explainMembers } from '../../../shared/jobs/compare-members'
import { selfTestGate } from '../../../shared/jobs/gate-self-test'
import type { SimulationChoice } from '../../../shared/jobs/run-simulation'
import type { ImportOptions } from '../../../shared/importers/importer'
import { gateJson, gateJUnit, gateMarkdown, gateText } from '../../../shared/report/gate-report'
import { textTable } from '../../../shared/report/text-table'
import { writeFileAtomically } from '../../files/atomic-write'
import { type Command, ExitCode, listOf, type OptionValues, usageError } from '../arguments'
import { writeBaseline } from '../baseline-file'
import { readGateRules } from '../gate-rules-file'
import { importOptions, INPUT_OPTIONS, withJob } from '../input'
import { jsonText, type Output } from '../output'
import { measureInputs, REPLAY_OPTIONS, replayChoice, type MeasuredInput } from '../replay-inputs'

export const gateCommand: Command = {
  name: 'gate',
  usage: '--baseline FILE... --candidate FILE... [--confirm-baseline FILE... --confirm-candidate FILE...] [--heap ID] [--profile ID] [--set name=value]... [--rules FILE] [--write-baseline OUT.json] [--json] [--junit OUT] [--markdown OUT] | --self-test | --figures',
  summary: 'fails when the candidate needs more memory than the baseline, with statistics where runs vary',
  options: {
    ...INPUT_OPTIONS,
    ...REPLAY_OPTIONS,
    baseline: { type: 'string', multiple: true },
    candidate: { type: 'string', multiple: true },
    'confirm-baseline': { type: 'string', multiple: true },
    'confirm-candidate': { type: 'string', multiple: true },
    rules: { type: 'string' },
    'write-baseline': { type: 'string' },
    json: { type: 'boolean' },
    junit: { type: 'string' },
    markdown: { type: 'string' },
    'self-test': { type: 'boolean' },
    figures: { type: 'boolean' },
  },
  variadic: ['baseline', 'candidate', 'confirm-baseline', 'confirm-candidate'],
  takes: [0, 0],
  run: (_, values, output) => {
    if (values['self-test'] === true) return selfTest(values['json'] === true, output)
    if (values['figures'] === true) return Promise.resolve(listFigures(output))
    return judge(values, output)
  },
}

async function selfTest(asJson: boolean, output: Output): Promise<ExitCode> {
  const cases = await withJob('gate self-test', selfTestGate)
  const rows = cases.map(({ name, expected, got, passed }) => [passed ? 'ok' : 'FAILED', name, `expected ${expected}`, `got ${got}`])
  output.result(asJson ? jsonText({ passed: cases.every(({ passed }) => passed), cases }) : textTable(rows, [0, 1, 2, 3]))
  return cases.every(({ passed }) => passed) ? ExitCode.Ok : ExitCode.GateFailed
}

function listFigures(output: Output): ExitCode {
  output.result(textTable(figureDefinitions.map(({ id, unit, label, formula }) => [id, unit, label, formula]), [0, 1, 2, 3]))
  return ExitCode.Ok
}

interface Inputs {
  readonly options: ImportOptions
  readonly choice: SimulationChoice
}

async function judge(values: OptionValues, output: Output): Promise<ExitCode> {
  const inputs: Inputs = { options: importOptions(values), choice: replayChoice(values) }
  const side = (name: string): Promise<MeasuredInput[]> => measureInputs(listOf(values[name]), inputs.options, inputs.choice)
  const target = values['write-baseline']
  if (typeof target === 'string' && listOf(values['candidate']).length === 0) {
    const runs = await side('baseline')
    if (runs.length === 0) throw usageError(gateCommand, 'expected --baseline FILE...')
    await writeBaseline(target, figuresOf(runs))
    return ExitCode.Ok
  }
  for (const name of ['baseline', 'candidate']) if (listOf(values[name]).length === 0) throw usageError(gateCommand, `expected --${name} FILE...`)
  const rules = typeof values['rules'] === 'string' ? readGateRules(values['rules']) : DEFAULT_GATE_RULES
  const [baseline, candidate] = [await side('baseline'), await side('candidate')]
  const confirmation = await confirmationBatch(values, side)
  const result = judgeGate({ baseline: figuresOf(baseline), candidate: figuresOf(candidate) }, confirmation, rules)
  const explanation = await explainMembers(baseline, candidate)
  const writeText = (name: 'junit' | 'markdown', text: string): Promise<void> => {
    const file = values[name]
    return typeof file === 'string' ? writeFileAtomically(file, (sink) => sink.write(Buffer.from(text))) : Promise.resolve()
  }
  await writeText('junit', gateJUnit(result))
  await writeText('markdown', `${gateMarkdown(result, explanation)}\n`)
  if (typeof target === 'string') await writeBaseline(target, figuresOf(candidate))
  output.result(values['json'] === true ? jsonText(gateJson(result, explanation)) : gateText(result, explanation))
  return result.verdict === 'fail' ? ExitCode.GateFailed : ExitCode.Ok
}

const figuresOf = (side: readonly MeasuredInput[]): GateBatch['baseline'] => side.map(({ figures }) => figures)

async function confirmationBatch(values: OptionValues, side: (name: string) => Promise<MeasuredInput[]>): Promise<GateBatch | null> {
  const given = ['confirm-baseline', 'confirm-candidate'].filter((name) => listOf(values[name]).length > 0)
  if (given.length === 1) throw usageError(gateCommand, 'a fresh batch needs --confirm-baseline and --confirm-candidate')
  return given.length === 0 ? null : { baseline: figuresOf(await side('confirm-baseline')), candidate: figuresOf(await side('confirm-candidate')) }
}
