import { computed, ref, shallowRef, watch, type ComputedRef, type Ref } from 'vue'
import type { Address } from '../../../shared/base/units'
import { LINE_BYTES } from '../../../shared/model/memory-image'
import { isCancelled } from '../../client/failure'
import type { HexRange, HexSource } from './hex-source'
import { lineCount, lineOf } from './layout'

/* Which lines a hex view shows: all of its range, or the changed ones. */
/** Beyond this the rest is left out of the list of changed lines. */
const MOST_CHANGED_LINES = 10_000

interface Shown {
  readonly source: HexSource
  readonly range: HexRange | null
  /** Grows when the bytes may have changed. */
  readonly version: number
  readonly onlyChanged: boolean
}

export interface HexLines {
  readonly rows: ComputedRef<number>
  /** Of the range, also those beyond the list; null when nothing is compared. */
  readonly changedTotal: Readonly<Ref<number | null>>
  readonly error: Readonly<Ref<unknown>>
  addressOf(row: number): Address
  /** The row of the line, or of the changed line next to it. */
  rowOf(address: Address): number
  /** Where a step from `cursor` to `next` ends when only changed lines are there to stand on. */
  alongLines(cursor: Address, next: Address): Address
}

export function useHexLines(shown: () => Shown): HexLines {
  const changed = shallowRef<Float64Array>(new Float64Array())
  const changedTotal = ref<number | null>(null)
  const error = shallowRef<unknown>(null)
  let asked = 0

  watch(() => { const { source, range, version } = shown(); return [source, range, version] as const }, async ([source, range], old) => {
    const own = ++asked
    // Lines of another range must not be taken for this one's; those of the same range stay until the answer comes.
    if (source !== old?.[0] || range?.from !== old[1]?.from || range?.to !== old[1]?.to) changed.value = new Float64Array()
    if (range === null || source.changedLines === undefined) {
      changed.value = new Float64Array()
      changedTotal.value = null
      return
    }
    try {
      const answer = await source.changedLines(range.from, range.to, MOST_CHANGED_LINES)
      if (own !== asked) return
      changed.value = answer.lines
      changedTotal.value = answer.total
      error.value = null
    } catch (failure) {
      if (own === asked && !isCancelled(failure)) error.value = failure
    }
  }, { immediate: true })

  const rows = computed(() => {
    const { range, onlyChanged } = shown()
    if (range === null || range.problem !== undefined) return 0
    return onlyChanged ? changed.value.length : lineCount(range.from, range.to)
  })
  const first = (): Address => lineOf(shown().range?.from ?? 0)
  const addressOf = (row: number): Address => (shown().onlyChanged ? changed.value[row]! : first() + row * LINE_BYTES)

  function rowOf(address: Address): number {
    if (!shown().onlyChanged) return Math.floor((lineOf(address) - first()) / LINE_BYTES)
    const next = changed.value.findIndex((line) => line >= lineOf(address))
    return next < 0 ? Math.max(0, changed.value.length - 1) : next
  }

  /** Going down means the next line shown, going up the one before. */
  function alongLines(cursor: Address, next: Address): Address {
    const lines = changed.value
    if (!shown().onlyChanged || lines.length === 0) return next
    const row = rowOf(next)
    const isAbove = lines[row]! > lineOf(next) && next < cursor
    return lines[Math.max(0, isAbove ? row - 1 : row)]! + (next % LINE_BYTES)
  }

  return { rows, changedTotal, error, addressOf, rowOf, alongLines }
}
