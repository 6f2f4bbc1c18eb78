/** Pictures of a moment, in the order of their tabs. */
export const HEAP_VIEWS = [
  { id: 'sizes', title: 'Sizes', command: 'Show sizes' },
  { id: 'space', title: 'Free space', command: 'Show free space' },
  { id: 'pages', title: 'Pages', command: 'Show pages' },
  { id: 'waste', title: 'Waste', command: 'Show waste' },
  { id: 'survival', title: 'Survival', command: 'Show survival' },
  { id: 'frontEnd', title: 'Buckets', command: 'Show buckets of the front end' },
  { id: 'free', title: 'Free lists', command: 'Show free lists' },
] as const
export type HeapViewId = (typeof HEAP_VIEWS)[number]['id']

/** A command for each picture; `show` also gives it the keys. */
export const heapViewCommands = (area: string, show: (id: HeapViewId) => void) =>
  HEAP_VIEWS.map(({ id, command }, i) => ({ id: `${area}.show.${id}`, title: command, group: 'Go to' as const, keys: [`Alt+${i + 1}`], run: () => show(id) }))

export const isHeapView = (id: string): id is HeapViewId => HEAP_VIEWS.some((view) => view.id === id)
