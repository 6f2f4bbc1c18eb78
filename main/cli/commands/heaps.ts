import { heapDefinitions } from '../../../shared/sim/profiles'
import type { HeapDefinition, ParameterDefinition } from '../../../shared/sim/profiles/catalog'
import type { FigureSource } from '../../../shared/sim/profiles/figure-source'
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
    ...(heap.servedTo ?? []).map(({ id, who, means, versions, source, confidence }) => `  who gets it (${id}): ${who}: ${means}; ${versions} (${source}; confidence ${confidence})`),
    ...heap.profiles.map((profile) => `  profile ${profile.id}: ${profile.title} (${profile.source})`),
    ...figureTexts(heap),
    textTable([head, ...heap.parameters.map(row)], [0, heap.profiles.length + 1]),
  ].join('\n')
}

/** Sources of single figures: those of the default profile, and of others where they have another source. */
function figureTexts(heap: HeapDefinition): string[] {
  const standard = heap.profiles.find(({ id }) => id === heap.defaultProfile)?.figures ?? {}
  const text = (of: string, name: string, { source, confidence }: FigureSource): string => `  figure ${name}${of}: ${source} (confidence ${confidence})`
  const known = new Set(Object.entries(standard).map(([name, figure]) => text('', name, figure)))
  const others = heap.profiles.flatMap((profile) => {
    const different = Object.entries(profile.figures ?? {}).filter(([name, figure]) => !known.has(text('', name, figure)))
    return different.map(([name, figure]) => text(` of ${profile.id}`, name, figure))
  })
  return [...known, ...others]
}
