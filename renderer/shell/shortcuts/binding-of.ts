import { isMac } from '../keys'
import { sameOrder } from '../../../shared/base/key-bindings'

/** What somebody pressed: a binding, or why it cannot be one; null while only modifiers are down. */
export type Pressed = { readonly binding: string } | { readonly refusal: string } | null

const MODIFIER_KEYS = new Set(['Control', 'Shift', 'Alt', 'Meta', 'AltGraph', 'CapsLock', 'Dead', 'Process', 'Unidentified'])
/** Keys that lists, maps, fields and buttons need for themselves. */
const KEYS_OF_VIEWS = new Set(['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'Home', 'End', 'PageUp', 'PageDown', 'Enter', ' ', 'Tab', 'Delete', 'Backspace', '+', '-', '0'])
/** With Ctrl or Cmd: what texts are edited with. */
const KEYS_OF_TEXT = new Set(['KeyA', 'KeyC', 'KeyV', 'KeyX', 'KeyY', 'KeyZ'])

export function bindingOf(event: Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>): Pressed {
  if (MODIFIER_KEYS.has(event.key)) return null
  const isMod = isMac ? event.metaKey : event.ctrlKey
  const isFree = !event.ctrlKey && !event.metaKey && !event.altKey
  if (isFree && KEYS_OF_VIEWS.has(event.key)) return { refusal: 'This key belongs to lists, maps and buttons; take it with Ctrl or Alt.' }
  if (isMod && !event.altKey && !event.shiftKey && KEYS_OF_TEXT.has(event.code)) return { refusal: 'These keys copy, paste and undo in texts.' }
  const modifiers = [
    ...(isMod ? ['$mod'] : []),
    ...(event.ctrlKey && isMac ? ['Control'] : []),
    ...(event.metaKey && !isMac ? ['Meta'] : []),
    ...(event.altKey ? ['Alt'] : []),
    ...(event.shiftKey ? ['Shift'] : []),
  ]
  return { binding: sameOrder([...modifiers, keyOf(event, isFree)].join('+')) }
}

/** Letters and digits with a modifier go by their place on the keyboard, alone by their character, as people read them. */
function keyOf({ key, code }: { readonly key: string; readonly code: string }, isFree: boolean): string {
  const goesByPlace = key === ' ' || key === '+' || (!isFree && /^(Key|Digit)/.test(code))
  return goesByPlace ? code : key
}
