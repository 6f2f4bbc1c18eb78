// @vitest-environment happy-dom
import { expect, test } from 'vitest'
import { bindingOf } from './binding-of'
import { findByKey } from '../keys'
import type { Command } from '../../stores/commands'

const event = (key: string, code: string, modifiers: KeyboardEventInit = {}): KeyboardEvent => new KeyboardEvent('keydown', { key, code, ...modifiers })

test.each([
  ['o', 'KeyO', { ctrlKey: true }, '$mod+KeyO'],
  ['O', 'KeyO', { ctrlKey: true, shiftKey: true, altKey: true }, '$mod+Alt+Shift+KeyO'],
  ['n', 'KeyN', {}, 'n'],
  ['{', 'BracketLeft', { shiftKey: true }, 'Shift+{'],
  ['F7', 'F7', {}, 'F7'],
  ['ArrowUp', 'ArrowUp', { altKey: true }, 'Alt+ArrowUp'],
  ['1', 'Digit1', { altKey: true }, 'Alt+Digit1'],
])('%s (%s) with %o is %s, and finds its command again', (key, code, modifiers, binding) => {
  const pressed = event(key, code, modifiers)
  expect(bindingOf(pressed)).toEqual({ binding })
  const command: Command = { id: 'test.it', title: '', group: 'View', keys: [binding], run: () => {} }
  expect(findByKey(pressed, [command])).toBe(command)
})

test('modifiers alone are no keys yet', () => {
  expect(bindingOf(event('Shift', 'ShiftLeft', { shiftKey: true }))).toBeNull()
})

test.each([['ArrowDown', 'ArrowDown', {}], ['Tab', 'Tab', {}], [' ', 'Space', {}], ['c', 'KeyC', { ctrlKey: true }]])('%s stays with views and texts', (key, code, modifiers) => {
  expect(bindingOf(event(key, code, modifiers))).toHaveProperty('refusal')
})
