import { computed, onMounted, type ComputedRef, type Ref } from 'vue'
import type { LegendEntry } from '../canvas/framed-picture'
import { inkOn, parseColor } from '../canvas/palette'
import { useElementPalette } from '../canvas/theme-palette'

export type MarkedEntry<E> = E & { readonly style: { readonly background: string; readonly color: string } }

/** Entries of a legend with the style of their letters, in the palette in force where `host` stands. */
export function useLegendMarks<E extends Pick<LegendEntry, 'color'>>(host: Readonly<Ref<HTMLElement | null>>, entries: () => readonly E[]): ComputedRef<readonly MarkedEntry<E>[]> {
  const { palette, attach } = useElementPalette()
  onMounted(() => attach(host.value!))
  return computed(() => entries().map((entry) => {
    const background = palette.value === null ? '' : entry.color(palette.value)
    return { ...entry, style: { background, color: inkOn(parseColor(background)) } }
  }))
}
