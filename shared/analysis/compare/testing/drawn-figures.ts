import { figureDefinitions, type RunConditions, type RunFigures } from '../run-figures'

export const CONDITIONS: RunConditions = {
  pageBytes: 4096,
  timeAxis: 'operations',
  requestedKnown: true,
  headerBytes: [8],
  request: { heap: 'first-fit', profile: 'csapp', parameters: { align: 8 } },
}

export interface FigureFields {
  readonly values: Readonly<Record<string, number | null>>
  readonly traceHash?: string
  readonly conditions?: Partial<RunConditions>
}

/** A run's figures written by hand; figures not named are 0. */
export function figuresOf(title: string, { values, traceHash = title, conditions = {} }: FigureFields): RunFigures {
  const zeros = Object.fromEntries(figureDefinitions.map(({ id }) => [id, 0]))
  return { title, source: { name: `${title}.rep`, format: 'test', traceHash }, conditions: { ...CONDITIONS, ...conditions }, events: 100, partial: false, values: { ...zeros, ...values } }
}

/** One run per value of a figure, each of a trace of its own. */
export const runsWith = (prefix: string, figure: string, values: readonly number[], conditions: Partial<RunConditions> = {}): RunFigures[] =>
  values.map((value, i) => figuresOf(`${prefix}${i}`, { values: { [figure]: value }, conditions }))
