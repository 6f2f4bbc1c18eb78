import type { ComputedRef, Ref } from 'vue'
import { bookmarkAt, neighbourBookmark } from '../../../../shared/analysis/bookmarks'
import type { EventNumber } from '../../../../shared/base/units'
import type { RunDocument } from '../../../../shared/ipc/engine-api'
import type { EventTarget } from '../../../../shared/ipc/timeline-api'
import { engine } from '../../../client/engine-client'
import type { Command } from '../../../stores/commands'
import type { RunSession } from '../run-session'
import type { BrushKind } from './brush-filter'
import type { Playback } from './playback'
import { jumpsOf, neighbourJump, type Jump } from './run-jumps'

/** The part of RunTimeline.vue that commands need. */
export interface TimelineHandle {
  openBookmarks(): unknown
  brushStart(): void
  brushEnd(): void
  zoomToBrush(): void
  filterByBrush(kind: BrushKind): void
  hasBrush(): boolean
  focus(): unknown
}

interface Scrubbed {
  readonly session: RunSession
  readonly jumps: ComputedRef<readonly Jump[]>
  readonly playback: Playback
  readonly timeline: Ref<TimelineHandle | undefined>
}

const JUMP_KEYS: Readonly<Record<string, readonly string[]>> = { 'run.first': ['Alt+Home'], 'run.last': ['Alt+End'] }
const ALL_JUMPS = jumpsOf({ events: 0, jumps: { peakLive: 0, peakFootprint: 0, worstOverhead: 0, firstFailure: null } } satisfies Pick<RunDocument, 'events' | 'jumps'>)

/** Commands that go about in a run's events: steps, jumps, playing, bookmarks, the way back, the timeline's brush. */
export function scrubCommands(scrubbed: Scrubbed): Command[] {
  const isRun = (): boolean => scrubbed.session.run.value !== null
  const command = (id: string, title: string, run: () => unknown, more: Partial<Command> = {}): Command => ({ id: `run.${id}`, title, group: 'Go to', enabled: isRun, run, ...more })
  return [...stepCommands(scrubbed, command), ...playCommands(scrubbed, command), ...bookmarkCommands(scrubbed, command), ...brushCommands(scrubbed, command)]
}

type Make = (id: string, title: string, run: () => unknown, more?: Partial<Command>) => Command

function stepCommands({ session, jumps }: Scrubbed, command: Make): Command[] {
  const { actions, documentId, run } = session
  const event = (): EventNumber => actions.view.event ?? 0
  const toPeak = (forward: boolean) => (): void => actions.setEvent(neighbourJump(jumps.value, event(), forward))
  const toTarget = (forward: boolean, target: () => EventTarget) => async (): Promise<void> => {
    const found = await engine.request('neighbourEvent', { documentId, event: event(), forward, target: target() })
    if (found !== null) actions.setEvent(found)
  }
  const hasFailures = (): boolean => (run.value?.jumps.firstFailure ?? null) !== null
  const hasSelection = (): boolean => run.value !== null && actions.view.selectedAddress !== null
  const failure = (): EventTarget => ({ kind: 'failure' })
  const page = (): EventTarget => ({ kind: 'page', address: actions.view.selectedAddress ?? 0 })
  const jumpTo = (id: string): EventNumber | null => jumps.value.find((jump) => jump.command === id)?.event ?? null
  return [
    command('previousEvent', 'Previous event', () => actions.stepEvent(-1), { keys: ['['] }),
    command('nextEvent', 'Next event', () => actions.stepEvent(1), { keys: [']'] }),
    command('previousPeak', 'Previous peak', toPeak(false), { keys: ['Shift+{'] }),
    command('nextPeak', 'Next peak', toPeak(true), { keys: ['Shift+}'] }),
    ...ALL_JUMPS.map(({ command: id, title }): Command => ({
      id, title, group: 'Go to', ...(JUMP_KEYS[id] === undefined ? {} : { keys: JUMP_KEYS[id] }), enabled: () => jumpTo(id) !== null, run: () => actions.setEvent(jumpTo(id)!),
    })),
    command('previousFailure', 'Previous failed request', toTarget(false, failure), { keys: ['Shift+F8'], enabled: hasFailures }),
    command('nextFailure', 'Next failed request', toTarget(true, failure), { keys: ['F8'], enabled: hasFailures }),
    command('previousPageChange', 'Previous change of the selected block\'s page', toTarget(false, page), { keys: ['Alt+PageUp'], enabled: hasSelection }),
    command('nextPageChange', 'Next change of the selected block\'s page', toTarget(true, page), { keys: ['Alt+PageDown'], enabled: hasSelection }),
    command('goBack', 'Back to where the last jump began', actions.goBack, { keys: ['Alt+ArrowLeft'], enabled: () => actions.view.back.length > 0 }),
    command('goAhead', 'Forward again', actions.goAhead, { keys: ['Alt+ArrowRight'], enabled: () => actions.view.ahead.length > 0 }),
  ]
}

function playCommands({ playback }: Scrubbed, command: Make): Command[] {
  return [
    command('play', 'Play or pause', () => (playback.playing.value === null ? playback.play(1) : playback.pause()), { keys: ['k'] }),
    command('playForwards', 'Play forwards', () => playback.play(1), { keys: ['l'] }),
    command('playBackwards', 'Play backwards', () => playback.play(-1), { keys: ['j'] }),
    command('playFaster', 'Play faster', () => playback.changeSpeed(1), { keys: ['.'] }),
    command('playSlower', 'Play slower', () => playback.changeSpeed(-1), { keys: [','] }),
  ]
}

function bookmarkCommands({ session: { actions }, timeline }: Scrubbed, command: Make): Command[] {
  const event = (): EventNumber => actions.view.event ?? 0
  const bookmarks = () => actions.view.shared.bookmarks
  const toBookmark = (forward: boolean) => (): void => {
    const found = neighbourBookmark(bookmarks(), event(), forward)
    if (found !== null) actions.setEvent(found.event)
  }
  const hasBookmarks = (): boolean => bookmarks().length > 0
  return [
    command('bookmark', 'Set a bookmark with a note, or list the bookmarks', () => timeline.value?.openBookmarks(), { keys: ['b'] }),
    command('removeBookmark', 'Delete the bookmark at this event', () => actions.removeBookmark(event()), { enabled: () => bookmarkAt(bookmarks(), event()) !== null }),
    command('nextBookmark', 'Next bookmark', toBookmark(true), { keys: ['F2'], enabled: hasBookmarks }),
    command('previousBookmark', 'Previous bookmark', toBookmark(false), { keys: ['Shift+F2'], enabled: hasBookmarks }),
  ]
}

function brushCommands({ session: { actions }, timeline }: Scrubbed, command: Make): Command[] {
  const hasBrush = (): boolean => timeline.value?.hasBrush() === true
  return [
    command('focusTimeline', 'Go to the timeline', () => timeline.value?.focus()),
    command('timelineLines', 'Timeline as lines', () => actions.showTimeline('lines')),
    command('timelineTiling', 'Timeline as tiling of the reserved bytes', () => actions.showTimeline('tiling')),
    command('brushStart', 'Brush the timeline from this event', () => timeline.value?.brushStart(), { keys: ['i'] }),
    command('brushEnd', 'Brush the timeline up to this event', () => timeline.value?.brushEnd(), { keys: ['o'] }),
    command('brushZoom', 'Zoom the timeline to the brushed events', () => timeline.value?.zoomToBrush(), { enabled: hasBrush }),
    command('brushBorn', 'Only blocks made in the brushed events', () => timeline.value?.filterByBrush('born'), { enabled: hasBrush }),
    command('brushAlive', 'Only blocks that lived in the brushed events', () => timeline.value?.filterByBrush('alive'), { enabled: hasBrush }),
  ]
}
