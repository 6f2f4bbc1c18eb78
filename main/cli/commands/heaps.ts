import { heapDefinitions } from '../../../shared/sim/profiles'
import type { HeapDefinition, ParameterDefinition } from '../../../shared/sim/profiles/catalog'
import { textTable } from '../../../shared/report/text-table'
import { type Command, ExitCode } from '../arguments'
import { jsonText } from '../output'

export const heapsCommand: Command = {
  name: 'heaps',
  usage: '[--json]',
  summary: 'lists heap managers with profiles, parameters, defaults and sources',
  options: { json: { type: 'boolean' } },
  takes: [0, 0],
  run: (_, values, output) => {
    if (values['json'] === true) output.result(jsonText(heapDefinitions))
    else output.result(heapDefinitions.map(heapText).join('\n\n'))
    return Promise.resolve(ExitCode.Ok)
  },
}

function heapText(heap: HeapDefinition): string {
  const head = ['  parameter', ...heap.profiles.map((profile) => profile.id + (profile.id === heap.defaultProfile ? ' (default)' : '')), 'meaning']
  const row = (parameter: ParameterDefinition): string[] => [
    `  ${parameter.name}`,
    ...heap.profiles.map((profile) => String(profile.values[parameter.name] ?? '—')),
    parameter.meaning,
  ]
  return [
    `${heap.id}: ${heap.title}. ${heap.summary}`,
    `  source: ${heap.source}`,
    ...heap.profiles.map((profile) => `  profile ${profile.id}: ${profile.title} (${profile.source})`),
    textTable([head, ...heap.parameters.map(row)], [0, heap.profiles.length + 1]),
  ].join('\n')
}
