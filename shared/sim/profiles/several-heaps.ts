import type { ParameterValue } from '../../model/run'
import type { ParameterDefinition } from './catalog'
import type { FigureSource } from './figure-source'

/** Knobs of managers that a program can have several heaps of. */
export const severalHeaps: readonly ParameterDefinition[] = [
  { name: 'heapPer', title: 'Heap for each', type: 'choice', unit: 'none', choices: ['process', 'thread', 'site'], meaning: 'process: one heap for all; thread, site: requests of each thread or call site, where the trace tells them, have a private heap of their own. Capacity holds for each of them.' },
  { name: 'heapsMost', title: 'Most heaps', type: 'integer', unit: 'count', minimum: 1, maximum: 1024, meaning: 'Threads or call sites beyond this many share heaps, by their number modulo this.' },
]

export const SEVERAL_VALUES: Readonly<Record<string, ParameterValue>> = { heapPer: 'process', heapsMost: 64 }

const OURS: FigureSource = { source: 'A choice: what the program does, not Windows; one process heap as programs have by default.', confidence: 'low' }
export const SEVERAL_FIGURES: Readonly<Record<string, FigureSource>> = { heapPer: OURS, heapsMost: OURS }
