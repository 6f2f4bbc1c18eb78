import { onBeforeUnmount, onMounted, ref, type Ref } from 'vue'

/** Frames stop while a window is hidden; what is made then goes on without them. */
const LONGEST_FRAME_MS = 100

/**
 * 0 when a view is made, then one more in each task after that, up to `last`. A view of many parts makes each of them at a
 * stage of its own (`v-if="stage >= 2"`), so that none of the tasks holds the window's thread for long. Between two stages lies a
 * frame: what a stage made is laid out and painted before the next begins, or the browser would do it for all of them at once.
 */
export function useMountStages(last: number): Readonly<Ref<number>> {
  const stage = ref(0)
  let cancel = (): void => undefined
  const next = (): void => {
    stage.value++
    if (stage.value < last) cancel = afterFrame(next)
  }
  onMounted(() => (cancel = afterFrame(next)))
  onBeforeUnmount(() => cancel())
  return stage
}

/** Calls back in a task of its own once the next frame is painted. */
function afterFrame(work: () => void): () => void {
  let timer: ReturnType<typeof setTimeout>
  const frame = requestAnimationFrame(() => {
    clearTimeout(timer)
    timer = setTimeout(work)
  })
  timer = setTimeout(() => {
    cancelAnimationFrame(frame)
    work()
  }, LONGEST_FRAME_MS)
  return () => {
    cancelAnimationFrame(frame)
    clearTimeout(timer)
  }
}
