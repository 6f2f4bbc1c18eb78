import { nextTick, ref, type Ref } from 'vue'

/**
 * A panel that a button opens, in the top layer so that no other panel cuts it off. The first of its elements that take the focus gets it;
 * closed, the button has it again. The panel is a `popover="auto"` with `:style="place"` and `@toggle="onToggle"`.
 */
export interface Popover {
  readonly isOpen: Readonly<Ref<boolean>>
  readonly place: Readonly<Ref<Record<string, string>>>
  open(): Promise<void>
  close(): void
  onToggle(event: Event): void
  /** Arrows, Home and End go from element to element, Escape closes; other keys are left alone. */
  onKeydown(event: KeyboardEvent): void
}

/** `elements`: selector of what in the panel takes the focus. */
export function usePopover(button: Readonly<Ref<HTMLElement | undefined>>, panel: Readonly<Ref<HTMLElement | undefined>>, elements = 'button'): Popover {
  const isOpen = ref(false)
  const place = ref<Record<string, string>>({})
  const items = (): HTMLElement[] => [...(panel.value?.querySelectorAll<HTMLElement>(elements) ?? [])]

  async function open(): Promise<void> {
    if (panel.value === undefined || button.value === undefined) return
    panel.value.showPopover?.()
    isOpen.value = true
    // What the panel holds only while it is open has to be there before it is measured.
    await nextTick()
    place.value = placeUnder(button.value, panel.value)
    items()[0]?.focus()
  }
  function close(): void {
    if (!isOpen.value) return
    panel.value?.hidePopover?.()
    isOpen.value = false
    button.value?.focus()
  }
  function onKeydown(event: KeyboardEvent): void {
    const all = items()
    const at = all.indexOf(event.target as HTMLElement)
    const targets: Record<string, number> = { ArrowDown: (at + 1) % all.length, ArrowUp: (at + all.length - 1) % all.length, Home: 0, End: all.length - 1 }
    const target = targets[event.key]
    if (event.key === 'Escape') close()
    else if (target !== undefined) all[target]?.focus()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return { isOpen, place, open, close, onToggle: (event) => (isOpen.value = (event as ToggleEvent).newState === 'open'), onKeydown }
}

/** Its right edge under that of the button, or above the button where there is no room below; always inside the window. */
function placeUnder(button: HTMLElement, popover: HTMLElement): Record<string, string> {
  const view = popover.ownerDocument.defaultView ?? window
  const from = button.getBoundingClientRect()
  const { width, height } = popover.getBoundingClientRect()
  const isBelow = from.bottom + height + 4 <= view.innerHeight
  const top = isBelow ? from.bottom + 2 : Math.min(from.top - height - 2, view.innerHeight - height - 2)
  return { top: `${Math.max(2, top)}px`, left: `${Math.max(2, Math.min(from.right - width, view.innerWidth - width - 2))}px` }
}
