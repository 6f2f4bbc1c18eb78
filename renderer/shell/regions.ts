/** The parts of the window F6 goes round, marked in the templates with `data-region`. */
const FOCUSABLE = 'button:not(:disabled), a[href], input:not(:disabled), select:not(:disabled), [tabindex="0"]'

function focusInside(region: HTMLElement): boolean {
  const active = region.querySelector<HTMLElement>('[aria-current="true"], [role="tab"][aria-selected="true"]')
  const target = active ?? region.querySelector<HTMLElement>(FOCUSABLE)
  target?.focus()
  return target !== null && region.contains(region.ownerDocument.activeElement)
}

/** Moves the focus to the next (+1) or previous (-1) region that can take it. */
export function moveToRegion(by: 1 | -1, root: Document = document): void {
  const regions = [...root.querySelectorAll<HTMLElement>('[data-region]')]
  const from = regions.findIndex((region) => region.contains(root.activeElement))
  const start = from < 0 && by < 0 ? 0 : from
  for (let step = 1; step <= regions.length; step++) {
    const region = regions[(start + by * step + regions.length * 2) % regions.length]
    if (region !== undefined && focusInside(region)) return
  }
}
