import { kathBehaviours, kathReadings, type BehaviourStatus } from './kath-behaviours'

const STATUS_WORDS: Record<BehaviourStatus, string> = {
  tested: 'tested',
  parameter: 'parameter, tested',
  view: 'shown in the window',
  refused: 'not followed',
  background: 'background',
}

/** docs/kath.md: every numbered behaviour with its status, and the readings taken. */
export function kathMarkdown(): string {
  const groups = [...new Set(kathBehaviours.map((behaviour) => behaviour.group))]
  const sections = groups.map((group) => {
    const rows = kathBehaviours
      .filter((behaviour) => behaviour.group === group)
      .map(({ number, behaviour, source, status, note }) => `| ${number} | ${behaviour} | ${source} | ${STATUS_WORDS[status]} | ${note ?? ''} |`)
    return [`## ${group}`, '', '| # | Behaviour | Source | Status | Parameter or place |', '|---|---|---|---|---|', ...rows].join('\n')
  })
  const readings = kathReadings.map(({ topic, text, reading, option }) => `| ${topic} | ${text} | ${reading} | ${option ?? ''} |`)
  return [
    '# The Windows of the article',
    '',
    'The simulated process follows R. Kath, "Managing Heap Memory in Win32" (Microsoft, 1993). Each behaviour has a number; the test',
    'of behaviour 45 is called K45. Sources: K = the article, H = a post on heap structure, S = short introductions.',
    '',
    sections.join('\n\n'),
    '',
    '## Readings',
    '',
    'Where a text contradicts itself or is silent, the simulator takes one way; an option, where there is one, takes the other.',
    '',
    '| Topic | What is said | Reading taken | Option |',
    '|---|---|---|---|',
    ...readings,
    '',
  ].join('\n')
}
