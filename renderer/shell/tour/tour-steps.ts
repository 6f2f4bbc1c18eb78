/** One stop of the tour: a part of the window, and what it is for. */
export interface TourStep {
  readonly id: string
  readonly title: string
  readonly text: string
  /** CSS selector of the part; absent: the card stands alone. */
  readonly target?: string
  /** The part is one of a run's document: the example is opened when no run is in front. */
  readonly needsRun?: true
}

const inRun = (selector: string): string => `[data-testid="run-view"] ${selector}`

export const TOUR_STEPS: readonly TourStep[] = [
  {
    id: 'why',
    title: 'Where does the memory go?',
    text: 'Heapscape shows what a heap holds, what it wastes and why, and compares runs. The tour opens a small example: a heap with two thousand holes in which the next request does not fit.',
  },
  {
    id: 'chips',
    title: 'One event, one filter',
    text: 'These chips say what everything below shows. Scrub to another event or filter the blocks, for instance size > 4k and state = free; every view follows.',
    target: inRun('[aria-label="Event and filter"]'),
    needsRun: true,
  },
  {
    id: 'timeline',
    title: 'The run over time',
    text: 'Click or use the brackets [ and ] to go to any event; the buttons jump to peaks, to the worst overhead and to the first request that failed.',
    target: inRun('[aria-label="Timeline"]'),
    needsRun: true,
  },
  {
    id: 'map',
    title: 'The heap, byte by byte',
    text: 'Each row is a stretch of addresses. Orange is free memory that cannot be given back. Turn the wheel to zoom down to single blocks; arrows walk from block to block.',
    target: inRun('[aria-label="Memory map"]'),
    needsRun: true,
  },
  {
    id: 'lists',
    title: 'Every block',
    text: 'Sort by any column, group by size class or call site, and select: the block is marked in the map and explained at the right.',
    target: inRun('.pane-tabs'),
    needsRun: true,
  },
  {
    id: 'metrics',
    title: 'What it costs',
    text: 'Each number is a sentence with its definition. Orange marks what costs you something.',
    target: inRun('[data-testid="metrics"]'),
    needsRun: true,
  },
  {
    id: 'commands',
    title: 'Everything else',
    text: 'All commands are here: open your own files, replay a trace in other heaps, compare two runs. F1 lists the keys, which you can change.',
    target: 'header[data-region] .box',
  },
]
