import type { LifeStep } from '../../../shared/analysis/address-time/names'

export interface LifeKeyTargets {
  step(direction: LifeStep): void
  zoomBy(steps: number): void
  /** Shares of what is shown. */
  pan(right: number, down: number): void
  fit(): void
  zoomToSelected(): void
  keepShown(): void
  letGo(): void
}

const PAN_SHARE = 0.15

/** Keys of the picture; each key that is used is kept from everybody else. */
export function useLifeKeys(targets: LifeKeyTargets): { onKeydown(event: KeyboardEvent): void } {
  const plain: Readonly<Record<string, () => void>> = {
    ArrowUp: () => targets.step('lower'),
    ArrowDown: () => targets.step('higher'),
    ArrowLeft: () => targets.step('earlier'),
    ArrowRight: () => targets.step('later'),
    PageUp: () => targets.pan(0, -0.9),
    PageDown: () => targets.pan(0, 0.9),
    '+': () => targets.zoomBy(1),
    '=': () => targets.zoomBy(1),
    '-': () => targets.zoomBy(-1),
    '0': () => targets.fit(),
    Enter: () => targets.zoomToSelected(),
    f: () => targets.keepShown(),
    Escape: () => targets.letGo(),
  }
  const shifted: Readonly<Record<string, () => void>> = {
    ArrowUp: () => targets.pan(0, -PAN_SHARE),
    ArrowDown: () => targets.pan(0, PAN_SHARE),
    ArrowLeft: () => targets.pan(-PAN_SHARE, 0),
    ArrowRight: () => targets.pan(PAN_SHARE, 0),
    PageUp: () => targets.pan(-0.9, 0),
    PageDown: () => targets.pan(0.9, 0),
    '+': () => targets.zoomBy(1),
  }

  function onKeydown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const action = (event.shiftKey ? shifted : plain)[event.key]
    if (action === undefined) return
    event.preventDefault()
    event.stopPropagation()
    action()
  }
  return { onKeydown }
}
