// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest'
import { findByKey, formatKeys } from './keys'
import type { Command } from '../stores/commands'

const commands = [
  { id: 'run.previousEvent', keys: ['['] },
  { id: 'file.saveAs', keys: ['$mod+Shift+KeyS'] },
  { id: 'view.nextDocument', keys: ['Control+Tab'] },
].map((command) => ({ title: command.id, group: 'View', run: () => {}, ...command })) as Command[]

const press = (key: string, code: string, modifiers: KeyboardEventInit = {}) => findByKey(new KeyboardEvent('keydown', { key, code, ...modifiers }), commands)?.id

describe('keys', () => {
  it('find their command with exactly its modifiers', () => {
    expect(press('[', 'BracketLeft')).toBe('run.previousEvent')
    expect(press('S', 'KeyS', { ctrlKey: true, shiftKey: true })).toBe('file.saveAs')
    expect(press('s', 'KeyS', { ctrlKey: true })).toBeUndefined()
    expect(press('Tab', 'Tab', { ctrlKey: true })).toBe('view.nextDocument')
  })

  it('are shown as people write them', () => {
    expect(['$mod+Shift+KeyS', 'Alt+Digit1', 'Alt+ArrowLeft', '[', 'F6'].map(formatKeys)).toEqual(['Ctrl+Shift+S', 'Alt+1', 'Alt+←', '[', 'F6'])
  })
})
