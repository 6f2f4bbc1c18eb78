import { computed, onBeforeUnmount, onMounted, ref, type ComputedRef, type Ref } from 'vue'
import { clampFirstRow, firstRowAt, firstRowRevealing, isScaled, scrollTopFor, type TableGeometry } from './big-table-scale'

/* The moving part of a list of any length (big-table-scale.ts): which row is the first in sight. */
/** A window of its own may not have a height yet: never render more rows than a large screen shows. */
const HIGHEST_VIEW = 4000

export interface BigScroll {
  readonly geometry: ComputedRef<TableGeometry>
  /** First row in sight; a fraction is cut off above. */
  readonly firstRow: Readonly<Ref<number>>
  /** Rows in sight, [from, to). */
  readonly from: ComputedRef<number>
  readonly to: ComputedRef<number>
  /** Rows that PageUp and PageDown move by. */
  readonly pageRows: ComputedRef<number>
  scrollTo(row: number): void
  /** The least move that shows the row. */
  reveal(row: number): void
  measure(): void
  onScroll(): void
  onWheel(event: WheelEvent): void
}

export function useBigScroll(scroller: Readonly<Ref<HTMLElement | undefined>>, rows: () => number, sizes: { readonly rowHeight: number; readonly headerHeight: number }): BigScroll {
  const { rowHeight, headerHeight } = sizes
  const viewHeight = ref(0)
  const firstRow = ref(0)
  const geometry = computed<TableGeometry>(() => ({ rows: rows(), rowHeight, viewHeight: Math.min(HIGHEST_VIEW, viewHeight.value) }))
  const from = computed(() => Math.floor(firstRow.value))
  const to = computed(() => Math.min(rows(), Math.ceil(firstRow.value + geometry.value.viewHeight / rowHeight)))
  const pageRows = computed(() => Math.max(1, Math.floor(geometry.value.viewHeight / rowHeight) - 1))

  /** What we scrolled to ourselves; an event with another value comes from the scrollbar. */
  let ownScrollTop = 0
  function scrollTo(row: number): void {
    firstRow.value = clampFirstRow(geometry.value, row)
    const element = scroller.value
    if (element === undefined) return
    element.scrollTop = scrollTopFor(geometry.value, firstRow.value)
    ownScrollTop = element.scrollTop
  }

  function onScroll(): void {
    const { scrollTop } = scroller.value!
    if (Math.abs(scrollTop - ownScrollTop) < 1) return
    ownScrollTop = scrollTop
    firstRow.value = firstRowAt(geometry.value, scrollTop)
  }

  /** A scaled scrollbar would jump many rows per notch: the wheel then moves by rows. */
  function onWheel(event: WheelEvent): void {
    if (!isScaled(geometry.value) || event.shiftKey || event.ctrlKey) return
    event.preventDefault()
    scrollTo(firstRow.value + (event.deltaY * (event.deltaMode === 1 ? 20 : 1)) / rowHeight)
  }

  const reveal = (row: number): void => scrollTo(firstRowRevealing(geometry.value, firstRow.value, row))

  function measure(): void {
    viewHeight.value = Math.max(0, (scroller.value?.clientHeight ?? 0) - headerHeight)
    // A panel that moved to another window has lost its scroll position.
    scrollTo(firstRow.value)
  }

  let observer: ResizeObserver | null = null
  onMounted(() => {
    measure()
    if (typeof ResizeObserver === 'undefined') return
    observer = new ResizeObserver(measure)
    observer.observe(scroller.value!)
  })
  onBeforeUnmount(() => observer?.disconnect())

  return { geometry, firstRow, from, to, pageRows, scrollTo, reveal, measure, onScroll, onWheel }
}
