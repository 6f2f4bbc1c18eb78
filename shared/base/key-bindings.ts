/*
 * Keys of commands as text, the same for page, menu and settings: modifiers and one key, joined by +.
 *
 *   $mod+Shift+KeyS    $mod is Ctrl, on macOS Cmd; KeyS is the key's place (KeyboardEvent.code)
 *   [                  the character itself (KeyboardEvent.key)
 */
export const MODIFIERS = ['$mod', 'Control', 'Alt', 'Shift', 'Meta'] as const

/** What a binding looks like; which of them make sense is the page's business. */
export const BINDING_PATTERN = /^(?:(?:\$mod|Control|Alt|Shift|Meta)\+){0,4}[^\s+]{1,20}$/
export const LONGEST_BINDING = 50
export const MOST_CHANGED_COMMANDS = 500
export const MOST_BINDINGS = 4

/** Modifiers in a fixed order, so that equal keys are equal texts. */
export function sameOrder(binding: string): string {
  const parts = binding.split('+')
  const key = parts.pop()!
  return [...MODIFIERS.filter((modifier) => parts.includes(modifier)), key].join('+')
}

/** The binding as Electron's menus write it: `CmdOrCtrl+Shift+S`. Null for keys that menus have no word for. */
export function acceleratorOf(binding: string): string | null {
  const parts = binding.split('+')
  const key = parts.pop()!
  const named = MENU_KEYS[key] ?? /^(?:Key([A-Z])|Digit(\d)|(F\d{1,2})|([!-~]))$/.exec(key)?.slice(1).find((match) => match !== undefined)
  if (named === undefined) return null
  return [...parts.map((part) => (part === '$mod' ? 'CmdOrCtrl' : part === 'Control' ? 'Ctrl' : part)), named.length === 1 ? named.toUpperCase() : named].join('+')
}

const MENU_KEYS: Readonly<Record<string, string>> = {
  ArrowUp: 'Up', ArrowDown: 'Down', ArrowLeft: 'Left', ArrowRight: 'Right', Enter: 'Return', Space: 'Space', Tab: 'Tab', Home: 'Home', End: 'End',
  PageUp: 'PageUp', PageDown: 'PageDown', Delete: 'Delete', Insert: 'Insert', Backspace: 'Backspace', Comma: ',', Period: '.', Slash: '/',
  Minus: '-', Equal: '=', BracketLeft: '[', BracketRight: ']', Semicolon: ';', Quote: "'", Backquote: '`', Backslash: '\\',
}
