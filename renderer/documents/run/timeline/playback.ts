import { computed, onScopeDispose, ref, watch, type ComputedRef, type Ref } from 'vue'
import type { EventNumber } from '../../../../shared/base/units'

/*
 * Playing a run: where the clock says the run should be, asked for once what was asked for before is shown.
 *
 *   clock   0 ...... 100 ...... 200 ...... 300
 *   asked   0        100                   300      200 is skipped: the engine was still at 100
 *
 * So a slow engine shows fewer events, never late ones, and at most one cut is under way.
 */
export const SPEEDS = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000] as const
/** A run is played in about this long unless a speed is chosen. */
const USUAL_SECONDS = 20

export type Direction = 1 | -1

export interface Playback {
  /** Events per second. */
  readonly speed: Readonly<Ref<number>>
  readonly speeds: ComputedRef<readonly number[]>
  /** null while it stands. */
  readonly playing: Readonly<Ref<Direction | null>>
  play(direction: Direction): void
  pause(): void
  setSpeed(eventsPerSecond: number): void
  /** To the next faster (1) or slower (-1) speed. */
  changeSpeed(by: 1 | -1): void
}

/** The speed nearest to playing the whole run in about 20 s. */
export function usualSpeed(events: EventNumber): number {
  const wanted = events / USUAL_SECONDS
  return SPEEDS.find((speed) => speed >= wanted) ?? SPEEDS[SPEEDS.length - 1]!
}

/** Event that is due `elapsedMs` after `from`. */
export function dueEvent(from: EventNumber, elapsedMs: number, eventsPerSecond: number, direction: Direction): EventNumber {
  return from + direction * Math.floor((elapsedMs * eventsPerSecond) / 1000)
}

interface Played {
  readonly events: () => EventNumber
  readonly event: () => EventNumber
  /** Whether what was asked for last is on the screen. */
  readonly isShown: () => boolean
  readonly goTo: (event: EventNumber, movement: 'jump' | 'move') => void
}

export function usePlayback({ events, event, isShown, goTo }: Played): Playback {
  const speeds = computed<readonly number[]>(() => SPEEDS.filter((_, at) => at === 0 || SPEEDS[at - 1]! < events()))
  const speed = ref<number>(usualSpeed(events()))
  const playing = ref<Direction | null>(null)
  let frame = 0
  let asked: EventNumber = 0
  let start = { event: 0, ms: 0 }

  const restart = (now: number): void => {
    asked = event()
    start = { event: asked, ms: now }
  }

  function step(now: number): void {
    const direction = playing.value
    if (direction === null) return
    // Somebody went elsewhere meanwhile: play on from there.
    if (event() !== asked) restart(now)
    const due = Math.min(events(), Math.max(0, dueEvent(start.event, now - start.ms, speed.value, direction)))
    if (due !== asked && isShown()) {
      asked = due
      goTo(due, 'move')
    }
    if (asked === (direction === 1 ? events() : 0)) return pause()
    frame = requestAnimationFrame(step)
  }

  function play(direction: Direction): void {
    const end = direction === 1 ? events() : 0
    // From the end it begins anew, as any player does; where it began can be gone back to.
    if (event() === end) goTo(events() - end, 'jump')
    cancelAnimationFrame(frame)
    playing.value = direction
    restart(performance.now())
    frame = requestAnimationFrame(step)
  }

  function pause(): void {
    cancelAnimationFrame(frame)
    playing.value = null
  }

  function changeSpeed(by: 1 | -1): void {
    const all = speeds.value
    const at = all.indexOf(speed.value) + by
    speed.value = all[Math.min(all.length - 1, Math.max(0, at))]!
  }

  const setSpeed = (eventsPerSecond: number): void => void (speed.value = eventsPerSecond)
  watch(speed, () => restart(performance.now()))
  onScopeDispose(pause)
  return { speed, speeds, playing, play, pause, setSpeed, changeSpeed }
}
