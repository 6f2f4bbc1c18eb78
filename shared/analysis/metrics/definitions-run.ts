import type { MetricDefinition } from './metric-definition'

/** M14 and M15: one number per run. */
export const runMetricDefinitions: readonly MetricDefinition[] = [
  {
    id: 'M14',
    title: 'Run ratios J1 to J4',
    scope: 'run',
    formula: 'J1 = mean of C/Q over all samples − 1; J2 = C when Q first peaks / max Q − 1; J3 = max C / Q when C first peaks − 1; J4 = max C / max Q − 1',
    reading: 'How much more memory the run took than it needed: quote J4 for the whole run, and when J3 is far above J4 look at the map at the footprint peak, where memory was held that demand no longer filled.',
    edgeCases: 'A sample is taken after every event. Samples with Q = 0 are left out of J1 and counted. J1 is dominated by start-up, when one page stands against a few bytes; prefer M15.',
    source: 'Johnstone and Wilson, The Memory Fragmentation Problem: Solved?, ISMM 1998, measures 1 to 4',
    values: [
      { key: 'M14_J1', label: 'J1, mean over samples', unit: 'ratio', range: '≥ 0', direction: 'lower' },
      { key: 'M14_J2', label: 'J2, at peak live', unit: 'ratio', range: '≥ 0', direction: 'lower' },
      { key: 'M14_J3', label: 'J3, at peak footprint', unit: 'ratio', range: '≥ 0', direction: 'lower' },
      { key: 'M14_J4', label: 'J4, peak to peak', unit: 'ratio', range: '≥ 0', direction: 'lower' },
      { key: 'M14_skippedSamples', label: 'Samples left out of J1', unit: 'count', range: '≥ 0', direction: 'neutral' },
    ],
  },
  {
    id: 'M15',
    title: 'Bytes wasted over time ω',
    scope: 'run',
    formula: 'ω = Σ(C − Q) / ΣQ over the samples; beside it Σ(C − Q) in bytes × operations',
    reading: 'Waste over the whole run in one robust number: compare heaps and builds by it, and when it grows while J4 does not, look along the timeline for memory that is kept after a peak.',
    edgeCases: 'The time axis is operations: every event is one unit long. Null when nothing was ever live.',
    source: 'Time integral of M3; steadier than J1 because start-up weighs no more than its bytes',
    values: [
      { key: 'M15_wastedRatio', label: 'Wasted to live, over time', unit: 'ratio', range: '≥ 0', direction: 'lower' },
      { key: 'M15_wastedByteOperations', label: 'Wasted bytes × operations', unit: 'byte-operations', range: '≥ 0', direction: 'lower' },
    ],
  },
]
