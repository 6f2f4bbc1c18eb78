import { metricDefinitions, type MetricDefinition } from '../../../shared/analysis/metrics/definitions'
import { type Command, ExitCode } from '../arguments'
import { jsonText } from '../output'

export const metricsCommand: Command = {
  name: 'metrics',
  usage: '[--json]',
  summary: 'lists the fragmentation metrics with formula, unit and meaning',
  options: { json: { type: 'boolean' } },
  takes: [0, 0],
  run: (_, values, output) => {
    if (values['json'] === true) output.result(jsonText(metricDefinitions))
    else output.result(metricDefinitions.map(metricText).join('\n\n'))
    return Promise.resolve(ExitCode.Ok)
  },
}

function metricText({ id, title, formula, reading, values }: MetricDefinition): string {
  const figures = values.map(({ key, label, unit, range }) => `  ${key}: ${label} (${unit}, ${range})`)
  return [`${id} ${title}`, `  ${formula}`, `  ${reading}`, ...figures].join('\n')
}
