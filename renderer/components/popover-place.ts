/**
 * Style of a popover that is shown, in the top layer so that no panel cuts it off: its right edge under that of its button, or
 * above the button where there is no room below; always inside the window.
 */
export function placeUnder(button: HTMLElement, popover: HTMLElement): Record<string, string> {
  const view = popover.ownerDocument.defaultView ?? window
  const from = button.getBoundingClientRect()
  const { width, height } = popover.getBoundingClientRect()
  const isBelow = from.bottom + height + 4 <= view.innerHeight
  const top = isBelow ? from.bottom + 2 : Math.min(from.top - height - 2, view.innerHeight - height - 2)
  return { top: `${Math.max(2, top)}px`, left: `${Math.max(2, Math.min(from.right - width, view.innerWidth - width - 2))}px` }
}
