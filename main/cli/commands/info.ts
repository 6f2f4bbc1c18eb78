import path from 'node:path'
import { type Failure, toFailure } from '../../../shared/base/errors'
import { describe, type Description } from '../../../shared/report/describe'
import { descriptionText } from '../../../shared/report/describe-text'
import { type Command, ExitCode } from '../arguments'
import { importOptions, INPUT_OPTIONS, openFile } from '../input'
import { jsonText } from '../output'

type Outcome = Description | { readonly file: string; readonly error: Failure }

export const infoCommand: Command = {
  name: 'info',
  usage: 'FILE... [--strict] [--json]',
  summary: 'says what files hold: kind, format, counts, peaks, metrics',
  options: { ...INPUT_OPTIONS, json: { type: 'boolean' } },
  takes: [1, Infinity],
  run: async (files, values, output) => {
    const outcomes: Outcome[] = []
    for (const file of files) {
      try {
        outcomes.push(describe(await openFile(file, importOptions(values)), path.basename(file)))
      } catch (error) {
        const failure = toFailure(error)
        output.failure({ ...failure, where: { file, ...failure.where } })
        outcomes.push({ file: path.basename(file), error: failure })
      }
    }
    const described = outcomes.filter((outcome): outcome is Description => !('error' in outcome))
    if (values['json'] === true) output.result(jsonText(outcomes.length === 1 ? outcomes[0] : outcomes))
    else if (described.length > 0) output.result(described.map(descriptionText).join('\n\n'))
    return described.length === outcomes.length ? ExitCode.Ok : ExitCode.Error
  },
}
