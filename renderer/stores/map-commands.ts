import type { Ref } from 'vue'
import { COLORING_FACTS, MAP_COLORINGS, type MapColoring } from '../../shared/analysis/map-colors/colorings'
import type { Command } from './commands'

/** What commands need of a memory map. */
interface MapHandle {
  readonly whyNotColored: (by: MapColoring) => string | null
  setColoring(by: MapColoring): void
  setLayout(layout: 'rows' | 'hilbert'): void
  readonly layout: 'rows' | 'hilbert'
  pinEvent(): void
  unpinEvent(): void
  readonly canPin: boolean
  readonly hasRange: boolean
  filterToRange(): void
  clearRange(): void
  focusMap(): void
}

/** Commands of every document with a memory map. */
export function mapCommands(area: string, map: Readonly<Ref<MapHandle | undefined>>): Command[] {
  const command = (id: string, title: string, enabled: (handle: MapHandle) => boolean, run: (handle: MapHandle) => void): Command => ({
    id: `${area}.map.${id}`, title, group: 'View', enabled: () => map.value !== undefined && enabled(map.value), run: () => map.value && run(map.value),
  })
  return [
    ...MAP_COLORINGS.map((by) => command(`color.${by}`, `Colour the map by ${COLORING_FACTS[by].title.toLowerCase()}`, (handle) => handle.whyNotColored(by) === null, (handle) => handle.setColoring(by))),
    command('rows', 'Memory map in rows', ({ layout }) => layout !== 'rows', (handle) => handle.setLayout('rows')),
    command('hilbert', 'Memory map along a Hilbert curve', ({ layout }) => layout !== 'hilbert', (handle) => handle.setLayout('hilbert')),
    command('pin', 'Pin this event: colour the map by what changes from here', ({ canPin }) => canPin, (handle) => handle.pinEvent()),
    command('unpin', 'Colour changes since the last look at another event', ({ canPin }) => canPin, (handle) => handle.unpinEvent()),
    command('filterRange', 'Filter to the range chosen in the map', ({ hasRange }) => hasRange, (handle) => handle.filterToRange()),
    command('clearRange', 'Clear the range chosen in the map', ({ hasRange }) => hasRange, (handle) => handle.clearRange()),
    command('focus', 'Go to the memory map', () => true, (handle) => handle.focusMap()),
  ]
}
