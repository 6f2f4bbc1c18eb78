import type { MenuItemConstructorOptions } from 'electron'
import { describe, expect, test } from 'vitest'
import { MENU_COMMANDS } from '../../shared/ipc/host-api'
import type { MenuState } from './menu-template'
import { buildMenuTemplate } from './menu-template'

const plainState: MenuState = { isMac: false, isDevelopment: false, theme: 'system', contrast: 'system', askBeforeClosing: false, keys: {}, liveRefusal: 'Windows only', recent: [] }

function allItems(items: MenuItemConstructorOptions[]): MenuItemConstructorOptions[] {
  return items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? allItems(item.submenu) : [])])
}

function build(state: Partial<MenuState> = {}) {
  const log: string[] = []
  const items = allItems(buildMenuTemplate({ ...plainState, ...state }, { send: (command) => log.push(command), openRecent: (id) => log.push(`recent ${id}`) }))
  return { items, log, click: (id: string) => (items.find((item) => item.id === id)!.click as () => void)() }
}

describe.each([true, false])('on macOS: %s', (isMac) => {
  test('every command has exactly one item, which sends it', () => {
    const { items, log, click } = build({ isMac })
    expect(items.map((item) => item.id).filter((id) => id !== undefined && id !== 'recent').sort()).toEqual([...MENU_COMMANDS].sort())
    for (const command of MENU_COMMANDS) click(command)
    expect(log).toEqual([...MENU_COMMANDS])
  })

  test('no key is given twice', () => {
    const keys = build({ isMac }).items.map((item) => item.accelerator).filter((key) => key !== undefined)
    expect(keys).toHaveLength(new Set(keys.map(String)).size)
    expect(keys).toContain('CmdOrCtrl+O')
  })

  test('no single character is taken away from text fields', () => {
    const taken = build({ isMac }).items.filter((item) => String(item.accelerator ?? '').length === 1 && item.registerAccelerator !== false)
    expect(taken).toEqual([])
  })
})

test('recent files open by id, and an ampersand stays an ampersand', () => {
  const { items, log, click } = build({ recent: [{ id: '7', label: 'a&b.rep - traces' }] })
  expect(items.find((item) => item.id === 'recent:7')!.label).toBe('a&&b.rep - traces')
  click('recent:7')
  expect(log).toEqual(['recent 7'])
})

test('the theme in use is marked', () => {
  const marked = build({ theme: 'dark' }).items.filter((item) => item.checked === true)
  expect(marked.map((item) => item.id)).toEqual(['view.contrastSystem', 'view.themeDark'])
})

test('keys the user chose stand in the menu, also for commands without keys of their own', () => {
  const { items } = build({ keys: { 'file.open': ['$mod+Shift+KeyO', 'F2'], 'view.start': [], 'view.float': ['Alt+KeyF'], 'run.nextEvent': ['n'] } })
  const key = (id: string): unknown => items.find((item) => item.id === id)!.accelerator
  expect([key('file.open'), key('view.start'), key('view.float'), key('run.nextEvent')]).toEqual(['CmdOrCtrl+Shift+O', undefined, 'Alt+F', 'N'])
  expect(items.find((item) => item.id === 'run.nextEvent')!.registerAccelerator).toBe(false)
})

test("a developer's items are in development only", () => {
  const roles = (isDevelopment: boolean) => build({ isDevelopment }).items.map((item) => item.role)
  expect(roles(true)).toContain('toggleDevTools')
  expect(roles(false)).not.toContain('toggleDevTools')
})
