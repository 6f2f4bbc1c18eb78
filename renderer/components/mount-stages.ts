import { onBeforeUnmount, onMounted, ref, type Ref } from 'vue'

/**
 * 0 when a view is made, then one more in each task after that, up to `last`. A view of many parts makes each of them at a
 * stage of its own (`v-if="stage >= 2"`), so that none of the tasks holds the window's thread for long.
 */
export function useMountStages(last: number): Readonly<Ref<number>> {
  const stage = ref(0)
  let timer: ReturnType<typeof setTimeout> | undefined
  const next = (): void => {
    stage.value++
    if (stage.value < last) timer = setTimeout(next)
  }
  onMounted(() => (timer = setTimeout(next)))
  onBeforeUnmount(() => clearTimeout(timer))
  return stage
}
