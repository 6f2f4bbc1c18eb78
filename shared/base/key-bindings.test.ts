import { expect, test } from 'vitest'
import { acceleratorOf, BINDING_PATTERN, sameOrder } from './key-bindings'

test.each([
  ['$mod+Shift+KeyS', 'CmdOrCtrl+Shift+S'],
  ['Control+Tab', 'Ctrl+Tab'],
  ['Alt+ArrowUp', 'Alt+Up'],
  ['Alt+Digit1', 'Alt+1'],
  ['F10', 'F10'],
  ['w', 'W'],
  ['$mod+Comma', 'CmdOrCtrl+,'],
])('%s is %s in a menu', (binding, accelerator) => {
  expect(acceleratorOf(binding)).toBe(accelerator)
})

test('keys that menus cannot name have no accelerator', () => {
  expect(acceleratorOf('$mod+MediaPlayPause')).toBeNull()
})

test('the order of modifiers does not count', () => {
  expect(sameOrder('Shift+$mod+KeyS')).toBe('$mod+Shift+KeyS')
})

test('a binding is modifiers and one key', () => {
  const isBinding = (text: string): boolean => BINDING_PATTERN.test(text)
  expect(['$mod+KeyK', '[', 'Shift+{', 'F1'].filter(isBinding)).toHaveLength(4)
  expect(['', 'Ctrl+K', '$mod+', 'a b', '$mod+Key K'].filter(isBinding)).toEqual([])
})
