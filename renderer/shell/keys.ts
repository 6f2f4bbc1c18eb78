import { matchKeybindingPress, parseKeybinding } from 'tinykeys'
import { availableCommands, isEnabled, runCommand, type Command } from '../stores/commands'

/*
 * Keys of the command registry. Looked up at each key press, because documents bring and take their commands.
 * The main process shows the same keys in its menu; a key handled here does not reach the menu (preventDefault).
 */
export const isMac = navigator.platform.startsWith('Mac')

const NAMES: Readonly<Record<string, string>> = {
  $mod: isMac ? '⌘' : 'Ctrl',
  Control: 'Ctrl',
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
}

/** `$mod+Shift+KeyS` -> `Ctrl+Shift+S`. */
export function formatKeys(binding: string): string {
  const parts = binding.split('+').map((part) => NAMES[part] ?? part.replace(/^(Key|Digit)(?=.$)/, ''))
  return parts.map((part) => (part.length === 1 ? part.toUpperCase() : part)).join('+')
}

function isTyping(target: EventTarget | null): boolean {
  const element = target as Partial<HTMLElement> | null
  return element?.isContentEditable === true || /^(INPUT|TEXTAREA|SELECT)$/.test(element?.tagName ?? '')
}

const hasModifier = (event: KeyboardEvent): boolean => event.ctrlKey || event.metaKey || event.altKey || /^F\d+$/.test(event.key)

export function findByKey(event: KeyboardEvent, commands: readonly Command[]): Command | undefined {
  return commands.find((command) => command.keys?.some((keys) => matchKeybindingPress(event, parseKeybinding(keys)[0]!)))
}

/** While a dialog is open only its own keys count, and those of the palette. */
function isBlocked(event: KeyboardEvent, command: Command): boolean {
  const inDialog = (event.target as Partial<Element> | null)?.closest?.('dialog') instanceof Element
  return inDialog && command.id !== 'view.palette'
}

function handleKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || (isTyping(event.target) && !hasModifier(event))) return
  const command = findByKey(event, availableCommands.value)
  if (command === undefined || isBlocked(event, command) || !isEnabled(command)) return
  event.preventDefault()
  runCommand(command.id)
}

/** Also for the windows that documents are moved into. */
export function listenForKeys(target: Window): () => void {
  target.addEventListener('keydown', handleKey)
  return () => target.removeEventListener('keydown', handleKey)
}
